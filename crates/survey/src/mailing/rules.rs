//! Which words a campaign has for those who are asked, and when its reminder goes out by itself.

use jiff::{ToSpan, civil::Date};
use kit::{
    asking::rules::{Call, Occasion, Words},
    org::Organisation,
};

use crate::{
    campaign::{Campaign, Invitee},
    respond::rules::words,
};

/// Whether somebody is to be written to on a day.
pub fn concerns(occasion: Occasion, it: &Invitee, day: Date) -> bool {
    it.email.is_some() && !it.answered && occasion.concerns(it.mailed_on, day)
}

/// The day of the reminder that goes out by itself.
pub fn reminder_day(campaign: &Campaign) -> Date {
    campaign.closes.saturating_sub(3.days())
}

/// Whether the reminder that goes out by itself is due. From its day to the last one, so that a day on which the
/// program did not run does no harm; whoever was written to since that day is not meant.
pub fn is_due(campaign: &Campaign, today: Date) -> bool {
    campaign.reminds && campaign.refuses(today).is_none() && reminder_day(campaign) <= today
}

/// An invitation or a reminder, in the language of whoever is asked.
pub fn letter(occasion: Occasion, campaign: &Campaign, org: &Organisation, to: &Invitee, link: &str) -> Words {
    let language = campaign.language_of(to, org);
    let said = words(&language);
    let call = Call {
        question: campaign.instrument.title.get(&language).to_owned(),
        intro: campaign.instrument.intro.get(&language).to_owned(),
        message: campaign.message.clone().unwrap_or_default(),
        minutes: said.minutes(campaign.instrument.minutes),
        opens: Some(campaign.opens),
        closes: campaign.closes,
        who_sees: said.who_sees(campaign.anonymous, campaign.threshold),
        resumes: true,
    };
    kit::asking::rules::letter(occasion, &language, org, &to.name, &call, link)
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use super::*;
    use crate::campaign::{CampaignId, State as CampaignState};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn campaign() -> Campaign {
        let instrument = crate::instrument::shipped().remove(0);
        Campaign {
            id: CampaignId(Uuid::from_u128(1)),
            version: 1,
            title: "Autumn".into(),
            purpose: instrument.purpose.clone(),
            instrument: std::sync::Arc::new(instrument),
            state: CampaignState::Open,
            anonymous: true,
            threshold: 5,
            comment_threshold: 5,
            opens: day("2026-11-20"),
            closes: day("2026-12-01"),
            message: Some("We mean to act on this.".into()),
            reminds: true,
            launched_at: None,
            closed_at: None,
        }
    }

    fn invitee() -> Invitee {
        Invitee {
            id: Uuid::from_u128(7),
            person: None,
            name: "Ada".into(),
            email: Some("ada@example.org".into()),
            side: kit::method::Side::Business,
            unit: None,
            role: None,
            influence: None,
            token: "secret".into(),
            language: None,
            response: None,
            answered: false,
            mailed_on: None,
            draft_key: None,
        }
    }

    fn org(locale: &str) -> Organisation {
        Organisation {
            id: kit::org::OrgId(Uuid::from_u128(2)),
            name: "Harbour".into(),
            locale: locale.into(),
            currency: "EUR".into(),
            time_zone: "UTC".into(),
            year_starts: "07-01".into(),
            budget_due: "05-29".into(),
            results_days: 30,
            decisions_days: 60,
            version: 1,
        }
    }

    #[test]
    fn an_invitation_says_who_asks_what_for_how_long_until_when_who_sees_what_and_where() {
        let said = letter(Occasion::Invitation, &campaign(), &org("en-GB"), &invitee(), "https://w.example/s/secret");
        for part in [
            "Hello Ada",
            "Harbour asks for your view",
            "where business and IT see things alike",
            "We mean to act on this.",
            "About 6 minutes",
            "from 20 November 2026 to 1 December 2026",
            "groups of 5 or more people",
            "https://w.example/s/secret\n",
        ] {
            assert!(said.body.contains(part), "{part} is missing in {}", said.body);
        }
    }

    #[test]
    fn everybody_is_written_to_in_the_language_they_chose_or_else_in_that_of_their_organisation() {
        let german = letter(Occasion::Reminder, &campaign(), &org("de-DE"), &invitee(), "x");
        assert!(german.subject.starts_with("Erinnerung") && german.body.contains("1. Dezember 2026"), "{german:?}");
        let chosen = Invitee { language: Some("en".into()), ..invitee() };
        let english = letter(Occasion::Reminder, &campaign(), &org("de-DE"), &chosen, "x");
        assert!(english.subject.starts_with("Reminder") && english.body.contains("1 December 2026"), "{english:?}");
    }

    #[test]
    fn nobody_is_invited_twice_or_reminded_twice_a_day_or_after_their_answer() {
        let today = day("2026-11-25");
        let on = |mailed_on: Option<&str>, answered| Invitee { mailed_on: mailed_on.map(day), answered, ..invitee() };
        let is = |it: Invitee| [Occasion::Invitation, Occasion::Reminder].map(|of| concerns(of, &it, today));
        assert_eq!(is(on(None, false)), [true, false]);
        assert_eq!(is(on(Some("2026-11-24"), false)), [false, true]);
        assert_eq!(is(on(Some("2026-11-25"), false)), [false, false]);
        assert_eq!(is(on(Some("2026-11-24"), true)), [false, false]);
        assert_eq!(is(Invitee { email: None, ..on(Some("2026-11-24"), false) }), [false, false]);
    }

    #[test]
    fn the_reminder_that_goes_out_by_itself_is_due_in_the_last_three_days() {
        let due = |today| is_due(&campaign(), day(today));
        assert_eq!(
            [due("2026-11-27"), due("2026-11-28"), due("2026-12-01"), due("2026-12-02")],
            [false, true, true, false]
        );
        assert!(!is_due(&Campaign { reminds: false, ..campaign() }, day("2026-11-28")));
    }
}
