//! Where answers come from.

use super::*;

/// The texts of the items, with code and row label where they have one.
fn items(layout: &SurveyLayout) -> Vec<String> {
    let part = |part: &Option<String>| part.as_ref().map(|part| format!(" | {part}")).unwrap_or_default();
    layout.items.iter().map(|item| format!("{}{}{}", item.text, part(&item.row), part(&item.code))).collect()
}

#[test]
fn microsoft_forms_in_english_and_german() {
    let english = sheet(
        "ID,Start time,Completion time,Email,Name,Language,Which side are you on?,How well is IT doing?,How well is IT doing?2\n\
         1,3/4/24 10:11:12,3/4/24 10:20:00,anonymous,,English,Business,4,5\n\
         2,3/14/24 10:11:12,3/14/24 10:20:00,anonymous,,English,IT,3,4\n",
    );
    let found = layout(&english);
    assert_eq!(found.kind, LayoutKind::MicrosoftForms);
    assert_eq!((found.respondent, found.started, found.submitted), (Some(0), Some(1), Some(2)));
    assert_eq!((found.email, found.name, found.language), (Some(3), Some(4), Some(5)));
    assert_eq!(items(&found), ["Which side are you on?", "How well is IT doing?", "How well is IT doing?2"]);

    let german = sheet(
        "ID;Startzeit;Fertigstellungszeit;E-Mail;Name;Uhrzeit der letzten Änderung;Wie gut arbeitet die IT?\n\
         1;04.03.2024 10:11:12;04.03.2024 10:20:00;a@example.org;Anna;;4\n",
    );
    let found = layout(&german);
    assert_eq!(found.kind, LayoutKind::MicrosoftForms);
    assert_eq!((found.respondent, found.submitted, found.email, found.name), (Some(0), Some(2), Some(3), Some(4)));
    assert_eq!(found.other, [5]);
    assert_eq!(items(&found), ["Wie gut arbeitet die IT?"]);
}

#[test]
fn google_forms_with_matrix_questions() {
    let english = sheet(
        "Timestamp,Email Address,How important is it? [Envisioning],How important is it? [Processes],Comments\n\
         2024/03/04 10:11:12 AM GMT+1,a@example.org,4,5,\n2024/03/05 10:11:12 AM GMT+1,b@example.org,3,4,fine\n",
    );
    let found = layout(&english);
    assert_eq!((found.kind, found.submitted, found.email), (LayoutKind::GoogleForms, Some(0), Some(1)));
    assert_eq!(items(&found), ["How important is it? | Envisioning", "How important is it? | Processes", "Comments"]);
    assert_eq!(english.columns[0].kind, Kind::DateTime);

    let german = sheet("Zeitstempel,Nutzername,Wie wichtig ist es? [Vision]\n04.03.2024 10:11:12,a@example.org,4\n");
    let found = layout(&german);
    assert_eq!((found.kind, found.submitted, found.email), (LayoutKind::GoogleForms, Some(0), Some(1)));
}

#[test]
fn limesurvey_with_codes_with_texts_and_with_both() {
    let codes = sheet(
        "id,submitdate,lastpage,startlanguage,seed,G01Q01[SQ001],G01Q01[SQ002],G02Q03,G02Q03[other]\n\
         1,2024-03-04 10:11:12,3,en,12345,4,5,yes,\n2,2024-03-05 10:11:12,3,en,12346,3,4,no,x\n",
    );
    let found = layout(&codes);
    assert_eq!(found.kind, LayoutKind::LimeSurvey);
    assert_eq!((found.respondent, found.submitted, found.language), (Some(0), Some(1), Some(3)));
    assert_eq!(found.other, [2, 4]);
    assert_eq!(items(&found), ["G01Q01 | G01Q01", "G01Q01 | G01Q01", "G02Q03 | G02Q03", "G02Q03 | G02Q03"]);
    assert_eq!(found.items[1].sub_code.as_deref(), Some("SQ002"));

    let both = sheet(
        "\"id. Response ID\",\"submitdate. Date submitted\",\"lastpage. Last page\",\"G01Q01[SQ001]. How well? [Envisioning]\"\n\
         1,2024-03-04 10:11:12,3,4\n",
    );
    assert_eq!(layout(&both).kind, LayoutKind::LimeSurvey);
    let item = &layout(&both).items[0];
    assert_eq!((item.code.as_deref(), item.sub_code.as_deref()), (Some("G01Q01"), Some("SQ001")));
    assert_eq!((item.text.as_str(), item.row.as_deref()), ("How well?", Some("Envisioning")));

    let german = sheet(
        "Antwort ID;Datum Abgeschickt;Letzte Seite;Start-Sprache;Wie gut? [Vision]\n1;2024-03-04 10:11:12;3;de;4\n",
    );
    let found = layout(&german);
    assert_eq!((found.kind, found.respondent, found.submitted), (LayoutKind::LimeSurvey, Some(0), Some(1)));
    assert_eq!(items(&found), ["Wie gut? | Vision"]);

    let two_rows = sheet(
        "id,submitdate,lastpage,G01Q01[SQ001]\nResponse ID,Date submitted,Last page,How well? [Envisioning]\n\
         1,2024-03-04 10:11:12,3,4\n2,2024-03-05 10:11:12,3,5\n",
    );
    let item = &layout(&two_rows).items[0];
    assert_eq!((item.code.as_deref(), item.sub_code.as_deref()), (Some("G01Q01"), Some("SQ001")));
    assert_eq!((item.text.as_str(), item.row.as_deref()), ("How well?", Some("Envisioning")));
}

#[test]
fn a_question_over_the_labels_of_its_rows() {
    let surveyed = sheet(
        ",,How important is it?,,Anything else?\nRespondent ID,Date,Vision,Processes,Text\n7,2024-01-02,4,5,a\n8,2024-01-03,4,5,b\n",
    );
    let found = layout(&surveyed);
    assert_eq!(found.respondent, Some(0));
    assert!(items(&found).contains(&"How important is it? | Processes".to_owned()), "{:?}", items(&found));
}

#[test]
fn the_long_layout_in_several_wordings() {
    let files = [
        "respondent,group,item,value\nr1,IT,c01,4\nr1,IT,c02,5\nr2,business,c01,3\nr2,business,c02,2\n",
        "Teilnehmer;Gruppe;Frage;Antwort\nr1;IT;c01;4\nr1;IT;c02;5\nr2;Fach;c01;3\nr2;Fach;c02;2\n",
        "Participant ID,Department,Question,Rating\nr1,IT,c01,4\nr1,IT,c02,5\nr2,HR,c01,3\nr2,HR,c02,2\n",
        "who,team,statement,score\nr1,IT,c01,4\nr1,IT,c02,5\nr2,HR,c01,3\nr2,HR,c02,2\nr3,HR,c01,3\nr3,HR,c02,2\n",
    ];
    for text in files {
        let found = layout(&sheet(text));
        assert_eq!(found.kind, LayoutKind::Long, "{text}");
        assert_eq!(
            (found.respondent, found.group, found.item, found.value),
            (Some(0), Some(1), Some(2), Some(3)),
            "{text}"
        );
    }
}

#[test]
fn any_other_table_is_a_plain_wide_one() {
    let found = layout(&sheet("StudentId,Group,Advising,Bursar\n1,A,4,5\n2,B,3,4\n"));
    assert_eq!(found.kind, LayoutKind::Wide);
    assert_eq!((found.respondent, found.group), (Some(0), Some(1)));
    assert_eq!(items(&found), ["Advising", "Bursar"]);
    let ratings = layout(&sheet("rater1,rater2\n3,4\n2,2\n"));
    assert_eq!((ratings.kind, ratings.respondent, ratings.items.len()), (LayoutKind::Wide, None, 2));
}
