mod contracts;
mod priorities;

use std::{collections::BTreeMap, io};

use clap::Parser;
use serde_json::{Value, json};

use super::*;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: CalcCommand,
}

/// What a command line answers, given files by name.
fn ask(line: &str, files: &[(&str, &[u8])]) -> Result<Value, String> {
    let words = std::iter::once("calc").chain(line.split_whitespace());
    let line = Line::try_parse_from(words).map_err(|it| it.to_string())?;
    let files: BTreeMap<&str, &[u8]> = files.iter().copied().collect();
    let read = |path: &Path| {
        let name = path.to_str().expect("names in tests are text");
        files.get(name).map(|it| it.to_vec()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    answer(&line.command, &read).map(|json| serde_json::from_str(&json).expect("an answer is JSON"))
}

#[track_caller]
fn check(line: &str, file: impl AsRef<[u8]>, expected: Value) {
    let found = ask(line, &[("f.csv", file.as_ref())]).expect("an answer");
    for (key, value) in expected.as_object().expect("expected keys") {
        assert_eq!(&found[key], value, "{key} in {found}");
    }
}

#[track_caller]
fn check_refused(line: &str, file: impl AsRef<[u8]>, sentence: &str) {
    assert_eq!(ask(line, &[("f.csv", file.as_ref())]), Err(sentence.to_owned()));
}

#[test]
fn byte_order_mark_windows_line_ends_spaces_and_empty_lines_do_not_matter() {
    let plain = ask("agreement f.csv --scale 5", &[("f.csv", b"4,5,2\n5,5,1\n4,4,.\n")]);
    let dressed = b"\xEF\xBB\xBF\r\n 4 , 5,2\r\n\r\n\"5\",5,1\r\n   \r\n4,4,\r\n\r\n";
    assert_eq!(ask("agreement f.csv --scale 5", &[("f.csv", dressed)]), plain);
    assert!(plain.expect("an answer")["alpha"].is_number());
}

#[test]
fn agreement_answers_what_can_be_answered() {
    check(
        "agreement f.csv --scale 5",
        "4,5,2\n5,,1\n4,4,.\n",
        json!({ "raters": 3, "units": 3, "level": "interval", "icc": null, "scale": 5.0 }),
    );
    check("agreement f.csv --scale 5", "4\n", json!({ "alpha": null, "rwg": [null], "ad": [null], "rwg_j": null }));
    check(
        "agreement f.csv",
        "3,3\n3,3\n",
        json!({ "alpha": null, "rwg": [1.0, 1.0], "icc": {
        "1_1": null, "2_1": null, "3_1": null, "1_k": null, "2_k": null, "3_k": null
    }, "cronbach_alpha": null }),
    );
}

#[test]
fn agreement_takes_the_largest_answer_for_the_scale_and_says_so() {
    let found = ask("agreement f.csv", &[("f.csv", b"1,4\n2,4\n")]).expect("an answer");
    assert_eq!(found["scale"], 4.0);
    assert_eq!(found["findings"][0]["code"], "scale_assumed");
    assert_eq!(found["findings"][0]["where"], "all columns");
    assert_eq!(found["rwg"][0], 0.6);
}

#[test]
fn answers_off_the_scale_are_a_finding_in_their_column() {
    let found = ask("agreement f.csv --scale 5", &[("f.csv", b"1,4\n2,7\n")]).expect("an answer");
    let off = found["findings"].as_array().expect("a list").iter().find(|it| it["code"] == "off_scale");
    assert_eq!(off.expect("a finding")["where"], "column 2");
}

#[test]
fn nominal_answers_may_be_words_and_then_only_alpha_is_told() {
    check(
        "agreement f.csv --level nominal",
        "cloud,own,own\ncloud,own,cloud\ncloud,.,cloud\n",
        json!({ "level": "nominal", "rwg": [null, null, null], "icc": null, "ad_j": null }),
    );
    let numbers = ask("agreement f.csv --level nominal", &[("f.csv", b"1,2,2\n1.0,2,1\n1,.,1\n")]);
    let words = ask("agreement f.csv --level nominal", &[("f.csv", b"a,b,b\na,b,a\na,.,a\n")]);
    assert_eq!(numbers.expect("an answer")["alpha"], words.expect("an answer")["alpha"]);
    check_refused(
        "agreement f.csv --level ordinal",
        "1,2\n1,low\n",
        "f.csv, line 2, column 2: \"low\" is not a number.",
    );
}

#[test]
fn a_header_among_nominal_numbers_is_a_finding() {
    let found = ask("agreement f.csv --level nominal", &[("f.csv", b"q1,q2\n1,2\n1,1\n")]).expect("an answer");
    assert_eq!((&found["findings"][0]["code"], &found["raters"]), (&json!("header"), &json!(3)));
}

#[test]
fn an_interval_of_alpha_is_given_when_asked_for_and_the_same_each_time() {
    let file: &[(&str, &[u8])] = &[("f.csv", b"9,6,8,7\n2,1,4,1\n5,3,6,2\n8,2,8,6\n")];
    let once = ask("agreement f.csv --resamples 200 --seed 3", file).expect("an answer");
    assert_eq!(once["alpha_interval"]["seed"], 3);
    assert_eq!(once, ask("agreement f.csv --resamples 200 --seed 3", file).expect("an answer"));
    assert!(ask("agreement f.csv", file).expect("an answer").get("alpha_interval").is_none());
}

#[test]
fn lines_of_different_length_are_pointed_at() {
    let line = "agreement f.csv";
    check_refused(line, "1,2,3\n\n1,2\n", "f.csv, line 3, column 2: 2 values where line 1 has 3.");
    check_refused(line, "1,2\n1,2,3\n", "f.csv, line 2, column 3: 3 values where line 1 has 2.");
}

#[test]
fn what_is_not_a_number_is_pointed_at_with_a_hint() {
    let line = "agreement f.csv";
    check_refused(line, "q1,q2\n1,2\n", "f.csv, line 1, column 1: \"q1\" is not a number.");
    check_refused(
        line,
        "1,2\n1,\"3,5\"\n",
        "f.csv, line 2, column 2: \"3,5\" is not a number; write decimals with a point.",
    );
    check_refused(line, "1;2\n3;4\n", "f.csv, line 1, column 1: \"1;2\" is not a number; separate columns by commas.");
    check_refused(line, "1,inf\n", "f.csv, line 1, column 2: \"inf\" is not a number.");
    check_refused(line, "1,NaN\n", "f.csv, line 1, column 2: \"NaN\" is not a number.");
}

#[test]
fn files_without_content_are_refused() {
    for line in [
        "agreement f.csv",
        "groups f.csv",
        "adjust f.csv",
        "gap f.csv",
        "ahp f.csv",
        "maxdiff f.csv",
        "weighted f.csv",
        "wsjf f.csv",
        "notice f.csv",
    ] {
        for empty in ["", "\n\n", "\u{feff}", "  \r\n"] {
            check_refused(line, empty, "f.csv, line 1, column 1: the file is empty.");
        }
    }
    check_refused("groups f.csv", "group,value\n", "f.csv, line 1, column 1: there is nothing below the header.");
    check_refused(
        "gap f.csv",
        "respondent,group,item,value\n",
        "f.csv, line 1, column 1: there is nothing below the header.",
    );
}

#[test]
fn files_that_are_not_text_are_refused() {
    let line = "adjust f.csv";
    check_refused(
        line,
        b"PK\x03\x04rest",
        "f.csv, line 1, column 1: the file is a workbook or an archive; save the sheet as CSV UTF-8.",
    );
    check_refused(line, b"\xFF\xFE0\0", "f.csv, line 1, column 1: the file is in UTF-16; save it as CSV UTF-8.");
    check_refused(
        "agreement f.csv",
        b"1,2\n3,\xE4\n",
        "f.csv, line 2, column 2: this is not UTF-8 text; save the file as CSV UTF-8.",
    );
    check_refused(line, b"0.1\n0.\x002\n", "f.csv, line 2, column 1: the file is not text.");
    assert_eq!(ask("adjust none.csv", &[]), Err("none.csv cannot be read: entity not found.".into()));
}

#[test]
fn a_header_names_its_columns_in_any_order() {
    let expected = json!({ "groups": 2, "n": 4, "msb": 4.0, "msw": 0.5, "k": 2.0, "icc1": 7.0 / 9.0, "icc2": 0.875 });
    check("groups f.csv", "group,value\na,1\na,2\nb,3\nb,4\n", expected.clone());
    check("groups f.csv", "Value,Group\n1,a\n2,a\n3,b\n4,b\n", expected);
    check_refused(
        "groups f.csv",
        "team,value\na,1\n",
        "f.csv, line 1, column 1: the header must name group,value; group is missing in \"team,value\".",
    );
    check_refused("groups f.csv", "group,value\na,1\nb\n", "f.csv, line 3, column 1: 1 value where the header has 2.");
    check_refused("groups f.csv", "group,value\n,1\n", "f.csv, line 2, column 1: a name is missing here.");
    check_refused("groups f.csv", "group,value\na,\n", "f.csv, line 2, column 2: a number is missing here.");
}

#[test]
fn one_group_has_no_icc_and_a_finding() {
    let found = ask("groups f.csv", &[("f.csv", b"group,value\na,1\na,2\n")]).expect("an answer");
    assert_eq!((&found["icc1"], &found["findings"][0]["code"]), (&Value::Null, &json!("too_few_answers")));
}

#[test]
fn numbers_come_one_a_line() {
    let sentence = "f.csv, line 2, column 2: 2 values where there must be one number, with a point for decimals: 1.";
    check_refused("adjust f.csv", "0.1\n0,2\n", sentence);
    check_refused("adjust f.csv", "0.1\n1.5\n", "f.csv, line 2, column 1: \"1.5\" is not a p-value from 0 to 1.");
    check_refused("adjust f.csv", "0.1\n.\n", "f.csv, line 2, column 1: a number is missing here.");
    check("adjust f.csv", "0.5\n0.01\n", json!({ "bh": [0.5, 0.02], "holm": [0.5, 0.02], "bonferroni": [1.0, 0.02] }));
}

#[test]
fn compare_tells_all_it_can_of_two_files() {
    let files: &[(&str, &[u8])] =
        &[("a", b"94\n197\n16\n38\n99\n141\n23\n"), ("b", b"52\n104\n146\n10\n51\n30\n40\n27\n46\n")];
    let found = ask("compare a b --resamples 500 --seed 9", files).expect("an answer");
    assert_eq!((&found["a"]["n"], &found["b"]["median"]), (&json!(7), &json!(46.0)));
    assert_eq!(found["mann_whitney"], json!({ "u": 36.0, "p": 0.6805944055944056 }));
    assert_eq!((&found["bootstrap"]["resamples"], &found["bootstrap"]["seed"]), (&json!(500), &json!(9)));
    assert!(found["bootstrap"]["low"].as_f64() < found["difference"].as_f64());

    let found = ask("compare a b", &[("a", b"1\n"), ("b", b"2\n3\n")]).expect("an answer");
    assert_eq!(
        (&found["difference"], &found["a"]["sd"], &found["hedges_g"]),
        (&json!(-1.5), &Value::Null, &Value::Null)
    );
    assert_eq!(found["findings"][0]["code"], "too_few_answers");
    assert_eq!(ask("compare - -", &[]), Err("Only one of the two files can be standard input.".into()));
}

const ANSWERS: &str = "respondent,group,item,value
1,business,vision,2\n2,business,vision,3\n3,business,vision,2\n4,it,vision,4\n5,it,vision,5\n6,it,vision,4
1,business,cost,3\n2,business,cost,.\n3,business,cost,2\n4,it,cost,3\n5,it,cost,4\n6,it,cost,5\n";

#[test]
fn gaps_come_in_the_order_of_the_items() {
    let found = ask("gap f.csv", &[("f.csv", ANSWERS.as_bytes())]).expect("an answer");
    let items = found["items"].as_array().expect("items");
    assert_eq!((&items[0]["item"], &items[1]["item"]), (&json!("vision"), &json!("cost")));
    assert_eq!((&items[1]["n_a"], &items[1]["n_b"], &items[1]["mean_a"]), (&json!(2), &json!(3), &json!(2.5)));
    assert_eq!((&items[1]["gap"], &items[1]["suppressed"]), (&json!(-1.5), &json!(false)));
    assert!(items[0]["p_adjusted"].as_f64() >= items[0]["p"].as_f64());
    assert_eq!(found["findings"][0]["code"], "small_group");
}

#[test]
fn items_below_the_threshold_tell_nothing_but_their_numbers_of_answers() {
    let found = ask("gap f.csv --threshold 3", &[("f.csv", ANSWERS.as_bytes())]).expect("an answer");
    let (vision, cost) = (&found["items"][0], &found["items"][1]);
    assert_eq!(vision["suppressed"], false);
    assert_eq!(vision["p"], vision["p_adjusted"]);
    for key in ["mean_a", "mean_b", "gap", "hedges_g", "low", "high", "gap_low", "gap_high", "p", "p_adjusted"] {
        assert!(cost[key].is_null(), "{key}");
    }
    assert_eq!((&cost["suppressed"], &cost["n_a"]), (&json!(true), &json!(2)));
}

#[test]
fn gap_compares_the_groups_that_are_named_whatever_their_case() {
    let found = ask("gap f.csv --a IT --b Business", &[("f.csv", ANSWERS.as_bytes())]).expect("an answer");
    assert_eq!(found["items"][1]["gap"], 1.5);
    check_refused("gap f.csv --a sales", ANSWERS, "f.csv: no line is of group sales; the groups are business, it.");
}

#[test]
fn second_answers_strayed_respondents_and_other_groups_are_findings() {
    let text =
        "respondent,group,item,value\n1,business,x,1\n1,business,x,5\n2,it,x,2\n2,business,y,2\n3,provider,x,4\n";
    let found = ask("gap f.csv", &[("f.csv", text.as_bytes())]).expect("an answer");
    let codes: Vec<&Value> = found["findings"].as_array().expect("a list").iter().map(|it| &it["code"]).collect();
    assert_eq!(codes[..3], ["answered_twice", "several_groups", "other_groups"]);
    assert_eq!((&found["items"][0]["mean_a"], &found["findings"][0]["where"]), (&json!(1.0), &json!("line 3")));
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for line in [
        "agreement f.csv --scale 1",
        "agreement f.csv --level rank",
        "gap f.csv --threshold 0",
        "compare a b --resamples 0",
        "compare a b --resamples 1000001",
        "compare a b --resamples 99999999999",
        "gap f.csv --resamples 1000001",
        "agreement f.csv --resamples 1000001",
    ] {
        assert!(ask(line, &[("f.csv", b"1,2\n")]).is_err(), "{line}");
    }
}

/// Every `console` block of docs/calculations is run on the `text NAME` blocks of its page.
#[test]
fn the_worked_examples_of_the_documentation_are_what_the_program_answers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/calculations");
    let mut run = 0;
    for page in fs::read_dir(folder).expect("docs/calculations") {
        let path = page.expect("a page").path();
        let text = fs::read_to_string(&path).expect("a page is text");
        let mut files = Vec::new();
        for block in text.split("\n```").skip(1).step_by(2) {
            let (kind, body) = block.split_once('\n').expect("a block has lines");
            if let Some(name) = kind.strip_prefix("text ") {
                files.push((name, body.as_bytes()));
            } else if kind == "console" {
                let (line, expected) = body.split_once('\n').expect("a command and its answer");
                let line = line.strip_prefix("$ waypost calc ").expect("a block runs waypost calc");
                let expected: Value = serde_json::from_str(expected).expect("the answer is JSON");
                assert_eq!(ask(line, &files), Ok(expected), "{} in {}", line, path.display());
                run += 1;
            }
        }
    }
    assert!(run >= 11, "only {run} examples were found");
}
