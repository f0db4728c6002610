use serde_json::json;

use super::{ask, check, check_refused};

const HEADER: &str = "contract,start,end,term_months,auto_renew,notice,today\n";

#[test]
fn each_contract_has_its_end_its_last_day_for_notice_and_its_renewal() {
    check(
        "notice f.csv",
        format!(
            "{HEADER}a,2024-01-01,2024-12-31,12,yes,3 months,2024-05-15\nb,2024-01-01,,,FALSE,30 days,2024-05-15\n"
        ),
        json!({ "contracts": [
            {
                "contract": "a",
                "ends_on": "2024-12-31",
                "last_notice_day": "2024-09-30",
                "renews_until": "2025-12-31",
                "earliest_end": "2024-12-31",
                "standing": "renews",
            },
            {
                "contract": "b",
                "ends_on": null,
                "last_notice_day": null,
                "renews_until": null,
                "earliest_end": "2024-06-14",
                "standing": "runs_on",
            },
        ], "findings": [] }),
    );
}

#[test]
fn notice_that_comes_too_late_is_a_finding_on_its_line() {
    let file = format!("{HEADER}a,2024-01-01,,12,yes,3 months,2024-10-01\n");
    let found = ask("notice f.csv", &[("f.csv", file.as_bytes())]).expect("an answer");
    assert_eq!(
        (&found["findings"][0]["code"], &found["findings"][0]["where"]),
        (&json!("notice_passed"), &json!("line 2"))
    );
}

#[test]
fn business_days_are_counted_without_the_holidays_of_a_file() {
    let contracts = format!("{HEADER}a,2025-01-01,,12,yes,10 business days,2026-11-23\n");
    let by = |call: &str, days: &str| {
        let found = ask(call, &[("f.csv", contracts.as_bytes()), ("days.csv", days.as_bytes())])?;
        Ok::<_, String>(found["contracts"][0]["last_notice_day"].clone())
    };
    assert_eq!(by("notice f.csv", ""), Ok(json!("2026-12-17")));
    let call = "notice f.csv --holidays days.csv";
    assert_eq!(by(call, "day,name\n2026-12-25,Christmas Day\n2026-12-24,Christmas Eve\n"), Ok(json!("2026-12-15")));
    assert_eq!(by(call, "day\n2026-12-25\n"), Ok(json!("2026-12-16")));
    let wrong = by(call, "day\n25.12.2026\n").expect_err("no day");
    assert!(wrong.starts_with("days.csv, line 2, column 1: \"25.12.2026\" is not a day"), "{wrong}");
}

#[test]
fn contracts_that_cannot_be_read_are_pointed_at() {
    let refused = |row: &str, sentence: &str| {
        check_refused("notice f.csv", format!("{HEADER}{row}\n"), &format!("f.csv, line 2, column {sentence}."));
    };
    let day = "is not a day of the years 1900 to 2199; write days as 2026-12-31";
    refused("a,31.12.2024,,12,yes,30 days,2024-01-01", &format!("2: \"31.12.2024\" {day}"));
    refused("a,2025-02-29,,12,yes,30 days,2024-01-01", &format!("2: \"2025-02-29\" {day}"));
    refused("a,2024-01-01T10:00,,12,yes,30 days,2024-01-01", &format!("2: \"2024-01-01T10:00\" {day}"));
    refused("a,0024-01-01,,12,yes,30 days,2024-01-01", &format!("2: \"0024-01-01\" {day}"));
    refused("a,,,12,yes,30 days,2024-01-01", "2: a day is missing here");
    refused("a,2024-01-01,,12,yes,30 days,", "7: a day is missing here");
    refused(
        "a,2024-01-01,2023-12-31,12,yes,30 days,2024-01-01",
        "3: the contract ends on 2023-12-31, before it starts on 2024-01-01",
    );
    refused("a,2024-01-01,,0,yes,30 days,2024-01-01", "4: \"0\" is not a whole number of months from 1 to 1200");
    refused("a,2024-01-01,,1.5,yes,30 days,2024-01-01", "4: \"1.5\" is not a whole number of months from 1 to 1200");
    refused("a,2024-01-01,,12,maybe,30 days,2024-01-01", "5: \"maybe\" is not yes or no");
    refused("a,2024-01-01,,12,,30 days,2024-01-01", "5: yes or no is missing here");
    refused(
        "a,2024-01-01,,12,yes,soon,2024-01-01",
        "6: \"soon\" is not a notice period: write a number and days, business days, weeks, months or years, such as 30 \
         days, and if need be to month end, to quarter end or to year end, such as 3 months to quarter end",
    );
    refused("a,2024-01-01,,12,yes,20 years,2024-01-01", "6: \"20 years\" is longer than ten years");
    refused(",2024-01-01,,12,yes,30 days,2024-01-01", "1: a name is missing here");
}
