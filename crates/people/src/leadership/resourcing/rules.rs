//! Is there time for what is expected: days needed of each role against days that are there, month by month. Pure.
//!
//! A day is a working day, Monday to Friday without the public holidays. A row that lasts a part of a month counts with
//! the share of its working days. What it takes to do a row is shared evenly among the roles that do it.
//! A role has the days that its holder was given for it, less the share of the month's working days on which the
//! holder is away or not employed. A vacant role has none: a deputy decides, and does not bring time.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use kit::format::{Locale, list};

/// How many months are looked ahead.
pub const MONTHS: usize = 12;
/// Less than this is no shortage, in days a month: the effort of a row is an estimate.
pub const SLACK: f64 = 0.5;
/// The roles that carry this share of the shortage are named.
const MOST_OF_IT: f64 = 0.8;
/// No more than so many are named, though they carry less.
const MOST_NAMES: usize = 3;

/// From a day to a day, both in it; open where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    pub starts: Option<Date>,
    pub ends: Option<Date>,
}

impl Span {
    fn has(self, day: Date) -> bool {
        self.starts.is_none_or(|it| it <= day) && self.ends.is_none_or(|it| day <= it)
    }
}

/// Somebody who holds a role.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holder {
    pub employed: Span,
    /// When they are away, and which share of their time.
    pub away: Vec<(Span, f64)>,
}

/// A role as far as its time is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    pub name: String,
    /// Days a month that the holder was given for it; nothing where nobody wrote that down.
    pub days: Option<f64>,
    pub holder: Option<Holder>,
}

/// What a row takes of a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The place of the role among the posts.
    pub post: usize,
    pub days: f64,
    pub span: Span,
}

/// One role in one month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Month {
    pub needed: f64,
    /// Nothing where it is not known how many days the role has.
    pub there: Option<f64>,
}

impl Month {
    pub fn short(self) -> f64 {
        self.there.map_or(0.0, |it| (self.needed - it).max(0.0))
    }

    /// Needed of what is there; nothing where either is not known, infinite where nothing is there for what is needed.
    pub fn load(self) -> Option<f64> {
        match self.there {
            None => None,
            Some(_) if self.needed == 0.0 => Some(0.0),
            Some(there) => Some(self.needed / there),
        }
    }
}

/// What it takes of each of the roles that have a part in a row, given how many days it takes to answer for it and to
/// do it; by the place of the role.
pub fn needs(answers: Option<usize>, does: &[usize], answering: f64, doing: f64, span: Span) -> Vec<Need> {
    let for_answering = answers.filter(|_| answering > 0.0).map(|post| Need { post, days: answering, span });
    let each = doing / does.len().max(1) as f64;
    let for_doing = does.iter().filter(|_| each > 0.0).map(|post| Need { post: *post, days: each, span });
    for_answering.into_iter().chain(for_doing).collect()
}

/// The first days of the months from that of `today` on.
pub fn months(today: Date) -> Vec<Date> {
    let first = today.first_of_month();
    (0..MONTHS as i32).map(|it| first + it.months()).collect()
}

/// The working days of a month.
fn working_days(first: Date, holidays: &[Date]) -> Vec<Date> {
    let weekend = |it: &Date| matches!(it.weekday(), Weekday::Saturday | Weekday::Sunday);
    let days = (0..i32::from(first.days_in_month())).map(|it| first + it.days());
    days.filter(|it| !weekend(it) && !holidays.contains(it)).collect()
}

/// The share of the working days on which something holds, each counted with its part.
fn share(days: &[Date], part: impl Fn(Date) -> f64) -> f64 {
    days.iter().map(|it| part(*it)).sum::<f64>() / days.len().max(1) as f64
}

fn presence(holder: &Holder, day: Date) -> f64 {
    let away: f64 = holder.away.iter().filter(|(span, _)| span.has(day)).map(|(_, share)| share).sum();
    if holder.employed.has(day) { (1.0 - away).max(0.0) } else { 0.0 }
}

/// Every role in every month: roles in the order of `posts`, months in the order of `months`.
pub fn reckon(posts: &[Post], needs: &[Need], months: &[Date], holidays: &[Date]) -> Vec<Vec<Month>> {
    let days: Vec<Vec<Date>> = months.iter().map(|it| working_days(*it, holidays)).collect();
    let of = |at: usize, post: &Post, days: &[Date]| {
        let needed = needs
            .iter()
            .filter(|it| it.post == at)
            .map(|it| it.days * share(days, |day| f64::from(u8::from(it.span.has(day)))))
            .sum();
        let there = match &post.holder {
            None => Some(0.0),
            Some(holder) => post.days.map(|given| given * share(days, |day| presence(holder, day))),
        };
        Month { needed, there }
    };
    posts.iter().enumerate().map(|(at, post)| days.iter().map(|it| of(at, post, it)).collect()).collect()
}

/// What the days say: one sentence, and what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub text: String,
    /// Whether there is time for everything, as far as that is known; nothing where nothing is known.
    pub enough: Option<bool>,
    /// Short by month, over all roles.
    pub short: Vec<f64>,
    /// The roles that are short over the whole time, most first: place and days in all.
    pub carriers: Vec<(usize, f64)>,
}

/// The one answer. `months` are the first days of what was reckoned.
pub fn answer(posts: &[Post], reckoned: &[Vec<Month>], months: &[Date], locale: Locale) -> Answer {
    let short: Vec<f64> = (0..months.len()).map(|at| reckoned.iter().map(|it| it[at].short()).sum()).collect();
    let mut carriers: Vec<(usize, f64)> =
        reckoned.iter().enumerate().map(|(at, it)| (at, it.iter().map(|it| it.short()).sum())).collect();
    carriers.retain(|it: &(usize, f64)| it.1 > 0.0);
    carriers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let needed: f64 = reckoned.iter().flatten().map(|it| it.needed).sum();
    let unknown = posts
        .iter()
        .zip(reckoned)
        .filter(|(post, it)| post.holder.is_some() && post.days.is_none() && it.iter().any(|it| it.needed > 0.0))
        .count();
    let month = |at: usize| format!("{} {}", locale.month(months[at].month()), months[at].year());
    let days = |it: f64| match locale.decimal(it, usize::from(it < 10.0)) {
        one if one == "1" || one == locale.decimal(1.0, 1) => "one day".to_owned(),
        text => format!("{text} days"),
    };
    let over: Vec<usize> = (0..short.len()).filter(|at| short[*at] >= SLACK).collect();
    let (text, enough) = match (&over[..], needed > 0.0) {
        (_, false) => {
            ("Nobody has written down what the rows take, so it is not known whether there is time".to_owned(), None)
        }
        ([], true) if unknown > 0 => {
            let roles = if unknown == 1 { "one role has".to_owned() } else { format!("{unknown} roles have") };
            (format!("There is time as far as is known, but {roles} no days written down"), None)
        }
        ([], true) => match tightest(posts, reckoned) {
            Some((name, at, load)) => {
                let text = format!(
                    "There is time for what is expected in all {} months; tightest is {name} in {}, at {}",
                    months.len(),
                    month(at),
                    locale.percent(load, 0)
                );
                (text, Some(true))
            }
            None => ("There is time for what is expected".to_owned(), Some(true)),
        },
        ([first, ..], true) => {
            let mean = over.iter().map(|at| short[*at]).sum::<f64>() / over.len() as f64;
            let when = if first + over.len() == short.len() {
                format!("from {} on", month(*first))
            } else {
                format!("in {} of the next {} months, first in {}", over.len(), short.len(), month(*first))
            };
            (format!("IT is short of {} a month {when}{}", days(mean), who(posts, &carriers, locale)), Some(false))
        }
    };
    Answer { text, enough, short, carriers }
}

/// The fewest roles that carry most of what is short: `: the ERP owner carries 84% of it`.
fn who(posts: &[Post], carriers: &[(usize, f64)], locale: Locale) -> String {
    let all: f64 = carriers.iter().map(|it| it.1).sum();
    let mut carried = 0.0;
    let mut names: Vec<String> = Vec::new();
    for (at, days) in carriers {
        carried += days;
        names.push(format!("“{}”", posts[*at].name));
        if carried >= all * MOST_OF_IT || names.len() == MOST_NAMES {
            break;
        }
    }
    let named = list(&names.iter().map(|it| &**it).collect::<Vec<_>>());
    let verb = if names.len() == 1 { "carries" } else { "carry" };
    let share = if carriers.len() == names.len() { "all".to_owned() } else { locale.percent(carried / all, 0) };
    format!(": {named} {verb} {share} of it")
}

/// The role and month with the highest load.
fn tightest<'a>(posts: &'a [Post], reckoned: &[Vec<Month>]) -> Option<(&'a str, usize, f64)> {
    let all = posts.iter().zip(reckoned).flat_map(|(post, it)| {
        it.iter().enumerate().filter_map(|(at, it)| Some((&*post.name, at, it.load().filter(|it| it.is_finite())?)))
    });
    all.filter(|it| it.2 > 0.0).max_by(|a, b| a.2.total_cmp(&b.2).then(b.1.cmp(&a.1)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 23);

    fn post(name: &str, days: Option<f64>) -> Post {
        Post { name: name.to_owned(), days, holder: Some(Holder::default()) }
    }

    fn always(post: usize, days: f64) -> Need {
        Need { post, days, span: Span::default() }
    }

    fn said(posts: &[Post], needs: &[Need]) -> String {
        let months = months(TODAY);
        answer(posts, &reckon(posts, needs, &months, &[]), &months, Locale::of("en-GB")).text
    }

    #[test]
    fn the_answer_says_how_much_is_missing_from_when_and_who_carries_it() {
        let posts = [post("IT leader", Some(5.0)), post("ERP owner", Some(4.0)), post("CEO", Some(2.0))];
        let from_march = Span { starts: Some(date(2027, 3, 1)), ends: None };
        let needs = [
            always(0, 5.0),
            Need { post: 1, days: 12.0, span: from_march },
            Need { post: 0, days: 5.0, span: from_march },
            Need { post: 2, days: 3.0, span: from_march },
        ];
        assert_eq!(
            said(&posts, &needs),
            "IT is short of 14 days a month from Mar 2027 on: “ERP owner” and “IT leader” carry 93% of it"
        );
    }

    #[test]
    fn what_is_short_for_some_months_only_is_said_so() {
        let march = Span { starts: Some(date(2027, 3, 1)), ends: Some(date(2027, 3, 31)) };
        let text = said(&[post("IT leader", Some(5.0))], &[Need { post: 0, days: 8.0, span: march }]);
        assert_eq!(
            text,
            "IT is short of 3.0 days a month in 1 of the next 12 months, first in Mar 2027: “IT leader” carries all of it"
        );
    }

    #[test]
    fn enough_time_names_the_tightest_and_unknown_days_are_said() {
        let posts = [post("IT leader", Some(5.0)), post("ERP owner", None)];
        let text = said(&posts, &[always(0, 4.0)]);
        assert!(
            text.starts_with("There is time for what is expected in all 12 months; tightest is IT leader in"),
            "{text}"
        );
        assert!(text.ends_with("at 80%"), "{text}");
        let text = said(&posts, &[always(1, 4.0)]);
        assert_eq!(text, "There is time as far as is known, but one role has no days written down");
        assert!(said(&posts, &[]).contains("not known whether there is time"));
    }

    #[test]
    fn a_vacant_role_has_no_time_and_an_absence_takes_its_share_of_working_days() {
        let vacant = Post { holder: None, ..post("ERP owner", Some(10.0)) };
        // March 2027 has 23 working days, the first two weeks of it 10.
        let away = Span { starts: Some(date(2027, 3, 1)), ends: Some(date(2027, 3, 14)) };
        let holder = Holder { away: vec![(away, 0.5)], ..Holder::default() };
        let half = Post { holder: Some(holder), ..post("IT leader", Some(23.0)) };
        let months = [date(2027, 3, 1)];
        let there = |post: &Post, holidays: &[Date]| {
            let reckoned = reckon(std::slice::from_ref(post), &[], &months, holidays);
            reckoned[0][0].there.expect("it is written down")
        };
        assert_eq!(there(&vacant, &[]), 0.0);
        assert!((there(&half, &[]) - 18.0).abs() < 1e-9, "{:?}", there(&half, &[]));
        // Of two days on which nobody works, nobody is away.
        let holidays = [date(2027, 3, 1), date(2027, 3, 2)];
        let expected = 23.0 * (1.0 - 4.0 / 21.0);
        assert!((there(&half, &holidays) - expected).abs() < 1e-9, "{:?}", there(&half, &holidays));
    }

    #[test]
    fn somebody_who_leaves_has_no_time_from_the_next_day_on() {
        let employed = Span { starts: None, ends: Some(date(2027, 1, 31)) };
        let leaving = Post { holder: Some(Holder { employed, away: Vec::new() }), ..post("IT leader", Some(5.0)) };
        let reckoned = reckon(&[leaving], &[], &[date(2027, 1, 1), date(2027, 2, 1)], &[]);
        assert_eq!([reckoned[0][0].there, reckoned[0][1].there], [Some(5.0), Some(0.0)]);
    }

    #[test]
    fn a_row_that_lasts_half_a_month_counts_half() {
        // February 2027 has 20 working days, 1 to 12 February 10 of them.
        let span = Span { starts: None, ends: Some(date(2027, 2, 14)) };
        let needs = [Need { post: 0, days: 4.0, span }];
        assert_eq!(reckon(&[post("IT leader", Some(5.0))], &needs, &[date(2027, 2, 1)], &[])[0][0].needed, 2.0);
    }

    fn span() -> impl Strategy<Value = Span> {
        let day = || prop::option::of((-400i32..400).prop_map(|it| TODAY + it.days()));
        (day(), day()).prop_map(|(starts, ends)| Span { starts, ends })
    }

    proptest! {
        #[test]
        fn what_a_row_takes_is_shared_out_without_loss(does in 1usize..9, answering in 0.0f64..20.0, doing in 0.0f64..20.0) {
            let roles: Vec<usize> = (0..does).collect();
            let needs = needs(Some(0), &roles, answering, doing, Span::default());
            let sum: f64 = needs.iter().map(|it| it.days).sum();
            prop_assert!((sum - answering - doing).abs() < 1e-9);
        }

        #[test]
        fn nobody_has_more_days_than_were_given_nor_fewer_than_none(
            given in 0.0f64..23.0,
            employed in span(),
            away in prop::collection::vec((span(), 0.01f64..=1.0), 0..5),
        ) {
            let of = Post { name: String::new(), days: Some(given), holder: Some(Holder { employed, away }) };
            for it in &reckon(&[of], &[], &months(TODAY), &[])[0] {
                prop_assert!(it.there.is_some_and(|it| (0.0..=given + 1e-9).contains(&it)));
            }
        }

        #[test]
        fn the_shortage_of_all_is_that_of_the_carriers(days in prop::collection::vec((0.0f64..20.0, 0.0f64..20.0), 1..6)) {
            let posts: Vec<Post> = days.iter().map(|it| post("Role", Some(it.0))).collect();
            let needs: Vec<Need> = days.iter().enumerate().map(|(at, it)| always(at, it.1)).collect();
            let months = months(TODAY);
            let said = answer(&posts, &reckon(&posts, &needs, &months, &[]), &months, Locale::of("de-DE"));
            let (by_month, by_role): (f64, f64) = (said.short.iter().sum(), said.carriers.iter().map(|it| it.1).sum());
            prop_assert!((by_month - by_role).abs() < 1e-6);
        }
    }
}
