use serde_json::{Value, json};

use super::{ask, check, check_refused};

fn codes(line: &str, file: &str) -> Vec<Value> {
    let found = ask(line, &[("f.csv", file.as_bytes())]).expect("an answer");
    found["findings"].as_array().expect("a list").iter().map(|it| it["code"].clone()).collect()
}

#[test]
fn ahp_takes_a_half_or_a_whole_matrix_in_fractions_or_decimals() {
    let upper = ask("ahp f.csv", &[("f.csv", b"1,2,6\n,1,3\n,,1\n")]).expect("an answer");
    for same in ["1,2,6\n1/2,1,3\n1/6,1/3,1\n", ",2,6\n.,,3\n.,.,\n", "1,4/2,6\n0.5,1,3\n 1/6 , 1/3 ,1\n"] {
        assert_eq!(ask("ahp f.csv", &[("f.csv", same.as_bytes())]).as_ref(), Ok(&upper), "{same}");
    }
    check("ahp f.csv", "1,1\n1,1\n", json!({ "priorities": [0.5, 0.5], "lambda_max": 2.0, "ci": 0.0, "cr": null }));
    assert_eq!(codes("ahp f.csv", "1,1\n1,1\n"), ["too_few_options"]);
    check("ahp f.csv", "1\n", json!({ "priorities": [1.0], "ci": null, "cr": null, "look_again": null }));
}

#[test]
fn ahp_points_at_the_judgement_to_look_at_again() {
    let found = ask("ahp f.csv", &[("f.csv", b"1,2,1/3,4\n,1,3,2\n,,1,1\n,,,1\n")]).expect("an answer");
    assert_eq!((&found["look_again"]["row"], &found["look_again"]["column"]), (&json!(1), &json!(3)));
    assert_eq!(
        (&found["findings"][0]["code"], &found["findings"][0]["where"]),
        (&json!("inconsistent"), &json!("line 1, column 3"))
    );
}

#[test]
fn ahp_says_which_pair_contradicts_itself() {
    check_refused(
        "ahp f.csv",
        "1,2,5\n1/2,1,3\n1/4,1/3,1\n",
        "f.csv, line 3, column 1: \"1/4\" contradicts its mirror image, 5 on line 1, column 3; write 1/5, or leave one of \
         the two empty.",
    );
    check_refused(
        "ahp f.csv",
        "1,1/3\n0.5,1\n",
        "f.csv, line 2, column 1: \"0.5\" contradicts its mirror image, 1/3 on line 1, column 2; write 3, or leave one of \
         the two empty.",
    );
}

#[test]
fn ahp_takes_rounded_reciprocals_as_they_were_meant_and_says_so() {
    let found = ask("ahp f.csv", &[("f.csv", b"1,3,1\n0.33,1,1/3\n1,3,1\n")]).expect("an answer");
    let finding = &found["findings"][0];
    assert_eq!((&finding["code"], &finding["where"]), (&json!("rounded"), &json!("line 2, column 1")));
    assert_eq!(finding["message"], "0.33 is taken as 1/3, what line 1, column 2 says.");
    assert!(found["cr"].as_f64().expect("a ratio") < 1e-12);
    assert_eq!(codes("ahp f.csv", "1,12,1\n,1,1/12\n,,1\n"), ["off_scale", "off_scale"]);
}

#[test]
fn ahp_refuses_what_is_no_comparison_with_its_place() {
    let line = "ahp f.csv";
    let zero = "is not above zero, from 1/1000000 to 1000000: how many times better";
    check_refused(line, "1,0\n,1\n", &format!("f.csv, line 1, column 2: \"0\" {zero}."));
    check_refused(line, "1,2\n-1/2,1\n", &format!("f.csv, line 2, column 1: \"-1/2\" {zero}."));
    check_refused(line, "1,2\n,2\n", "f.csv, line 2, column 2: \"2\" is not 1, which each option is beside itself.");
    check_refused(
        line,
        "1,,2\n,1,3\n,,1\n",
        "f.csv, line 1, column 2: a judgement is missing, here or in its mirror image, line 2, column 1.",
    );
    check_refused(
        line,
        "1,2,3\n,1,2\n",
        "f.csv, line 1, column 3: the matrix is 2 high and 3 wide; it must be square.",
    );
    check_refused(line, "1\n1\n", "f.csv, line 1, column 1: the matrix is 2 high and 1 wide; it must be square.");
    check_refused(line, "1,1/0\n,1\n", "f.csv, line 1, column 2: \"1/0\" is not a number or a fraction such as 1/3.");
    check_refused(line, "1,1/x\n,1\n", "f.csv, line 1, column 2: \"1/x\" is not a number or a fraction such as 1/3.");
    check_refused(line, "1,a\n,1\n", "f.csv, line 1, column 2: \"a\" is not a number.");
    check_refused(line, "1,2\n1\n", "f.csv, line 2, column 1: 1 value where line 1 has 2.");
}

#[test]
fn maxdiff_says_what_the_counts_cannot_tell() {
    let file = "item,shown,best,worst\na,4,4,0\nb,4,0,3\nc,0,0,0\na,4,0,0\n";
    let found = ask("maxdiff f.csv", &[("f.csv", file.as_bytes())]).expect("an answer");
    let items = found["items"].as_array().expect("items");
    assert_eq!((&items[0]["score"], &items[0]["bounded"]), (&json!(1.0), &json!(true)));
    assert_eq!(items[2], json!({ "item": "c", "score": null, "utility": null, "share": null, "bounded": false }));
    assert!(items[0]["share"].is_number() && items[1]["utility"].as_f64() < Some(0.0));
    assert_eq!(codes("maxdiff f.csv", file), ["named_twice", "unbounded", "never_shown", "picks_differ"]);
}

#[test]
fn maxdiff_refuses_counts_that_cannot_be() {
    let line = "maxdiff f.csv";
    let of = |row: &str| format!("item,shown,best,worst\n{row}\n");
    check_refused(
        line,
        of("a,3,2,2"),
        "f.csv, line 2, column 3: 2 times the best and 2 times the worst are more than the 3 times that it was shown.",
    );
    check_refused(line, of("a,3,1.5,0"), "f.csv, line 2, column 3: \"1.5\" is not a whole number from 0 up.");
    check_refused(line, of("a,-3,0,0"), "f.csv, line 2, column 2: \"-3\" is not a whole number from 0 up.");
    check_refused(line, of("a,3,,0"), "f.csv, line 2, column 3: a number is missing here.");
    check_refused(line, of(",3,0,0"), "f.csv, line 2, column 1: a name is missing here.");
}

#[test]
fn weighted_names_the_winner_and_the_change_that_takes_it() {
    check(
        "weighted f.csv",
        "weight,buy,criterion,build\n2,1,price,4\n3,5,fit,2\n",
        json!({
            "totals": { "buy": 17.0, "build": 14.0 },
            "normalised": { "buy": 3.4, "build": 2.8 },
            "winner": "buy",
            "flip": { "criterion": "price", "change": 1.0, "weight": 3.0, "option": "build" },
            "findings": [],
        }),
    );
    check("weighted f.csv", "criterion,weight,a,b\nx,1,5,4\n", json!({ "winner": "a", "flip": null }));
}

#[test]
fn weighted_has_no_winner_among_equals() {
    let file = "criterion,weight,a,b,c\nx,0.1,3,0,0\ny,0.3,0,1,0.5\n";
    check("weighted f.csv", file, json!({ "winner": null, "flip": null }));
    assert_eq!(codes("weighted f.csv", file), ["level"]);
}

#[test]
fn weighted_refuses_what_cannot_be_weighed_with_its_place() {
    let line = "weighted f.csv";
    check_refused(
        line,
        "criterion,weight,a\nx,0,1\ny,0,2\n",
        "f.csv, line 2, column 2: no criterion has a weight above zero.",
    );
    check_refused(
        line,
        "criterion,weight,a\nx,1,1\ny,-1,2\n",
        "f.csv, line 3, column 2: \"-1\" is not a number from 0 up.",
    );
    check_refused(
        line,
        "criterion,weight,a,b\nx,1e308,1,2\n",
        "f.csv, line 2, column 2: \"1e308\" is larger than what can be computed with; the largest is 1e100.",
    );
    check_refused(line, "criterion,weight,a,b\nx,1,1,\n", "f.csv, line 2, column 4: a number is missing here.");
    check_refused(line, "criterion,weight,a,b\nx,1,1\n", "f.csv, line 2, column 3: 3 values where the header has 4.");
    check_refused(
        line,
        "criterion,weight,a,a\nx,1,1,2\n",
        "f.csv, line 1, column 4: \"a\" is the name of another option too.",
    );
    check_refused(line, "criterion,weight,a,\nx,1,1,2\n", "f.csv, line 1, column 4: a name is missing here.");
    check_refused(
        line,
        "criterion,weight\nx,1\n",
        "f.csv, line 2, column 1: no option is rated: name the options in the header, after the weight.",
    );
    check_refused(
        line,
        "criterion,a,b\nx,1,2\n",
        "f.csv, line 1, column 2: the header must name criterion,weight; weight is missing in \"criterion,a,b\".",
    );
}

#[test]
fn jobs_of_equal_figure_share_a_rank() {
    let file = "job,value,time_criticality,risk_reduction,size\na,1,2,3,3\nb,8,1,1,5\nc,13,0,0,1\nd,0,0,0,2\n";
    let found = ask("wsjf f.csv", &[("f.csv", file.as_bytes())]).expect("an answer");
    let ranks: Vec<&Value> = found["jobs"].as_array().expect("jobs").iter().map(|it| &it["rank"]).collect();
    assert_eq!(ranks, [&json!(2), &json!(2), &json!(1), &json!(4)]);
}

#[test]
fn a_job_without_size_is_refused_with_its_place() {
    let of = |row: &str| format!("job,value,time_criticality,risk_reduction,size\na,1,2,3,4\n{row}\n");
    check_refused("wsjf f.csv", of("b,1,2,3,0"), "f.csv, line 3, column 5: \"0\" is not a size above zero.");
    check_refused("wsjf f.csv", of("b,1,2,3,-2"), "f.csv, line 3, column 5: \"-2\" is not a size above zero.");
    check_refused("wsjf f.csv", of("b,1,2,3,"), "f.csv, line 3, column 5: a number is missing here.");
    check_refused("wsjf f.csv", of("b,-1,2,3,1"), "f.csv, line 3, column 2: \"-1\" is not a number from 0 up.");
    check_refused(
        "wsjf f.csv",
        of("b,1e99,0,0,1e-300"),
        "f.csv, line 3, column 5: \"1e-300\" is too small a size to divide by.",
    );
}
