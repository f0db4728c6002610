//! Which words a campaign has for those who are asked, and when its reminder goes out by itself.

use jiff::{ToSpan, civil::Date};
use kit::asking::{Language, rules::Call};

use crate::{campaign::Campaign, respond::rules::words};

/// The day of the reminder that goes out by itself.
pub fn reminder_day(campaign: &Campaign) -> Date {
    campaign.closes.saturating_sub(3.days())
}

/// Whether the reminder that goes out by itself is due. From its day to the last one, so that a day on which the
/// program did not run does no harm; whoever was written to since that day is not meant.
pub fn is_due(campaign: &Campaign, today: Date) -> bool {
    campaign.reminds && campaign.refuses(today).is_none() && reminder_day(campaign) <= today
}

/// What is said to those who are asked, in English and in German.
pub fn calls(campaign: &Campaign) -> [Call; 2] {
    [Language::English, Language::German].map(|it| {
        let (language, said) = (it.key(), words(it.key()));
        Call {
            question: campaign.instrument.title.get(language).to_owned(),
            intro: campaign.instrument.intro.get(language).to_owned(),
            message: campaign.message.clone().unwrap_or_default(),
            minutes: said.minutes(campaign.instrument.minutes),
            opens: Some(campaign.opens),
            closes: campaign.closes,
            who_sees: said.who_sees(campaign.anonymous, campaign.threshold),
            resumes: true,
        }
    })
}

#[cfg(test)]
mod tests {
    use db::uuid::Uuid;

    use kit::{
        asking::rules::{Occasion, letter},
        org::Organisation,
    };

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
        let [english, german] = calls(&campaign());
        let link = "https://w.example/s/secret";
        let said = letter(Occasion::Invitation, "en", &org("en-GB"), "Ada", &english, link);
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
        let said = letter(Occasion::Reminder, "de", &org("de-DE"), "Ada", &german, link);
        assert!(said.subject.starts_with("Erinnerung") && said.body.contains("1. Dezember 2026"), "{said:?}");
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
