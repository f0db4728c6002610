//! The year's ring, drawn as SVG: months and stages outside, the fifteen by group inside, filled to their maturity.
//!
//! The financial year starts at the top and runs clockwise. The ring is a picture of the table beside it and hidden
//! from screen readers, which read that table.

use std::{f64::consts::TAU, fmt::Write as _};

use calc::fiscal::days_between;
use jiff::{ToSpan, civil::Date};
use kit::{
    format::Locale,
    method::{Competency, Group},
};

use crate::{cycles, here::Here};

/// The radii, from the outside in.
const MONTH: f64 = 213.0;
const ELAPSED: f64 = 196.0;
const BAND: (f64, f64) = (172.0, 193.0);
const WEDGE: (f64, f64) = (88.0, 163.0);
const NUMBER: f64 = 154.5;
const BRACKET: f64 = 82.0;
const GROUP: f64 = 70.0;

/// One level of maturity.
const LEVEL: f64 = (WEDGE.1 - WEDGE.0) / 5.0;

/// Half the gap between two neighbours, as an angle; groups stand further apart.
const GAP: f64 = 0.006;
const GROUP_GAP: f64 = 0.022;

/// The ring of the year with the organisation's standing in it.
pub fn ring(here: &Here, locale: Locale) -> String {
    let mut svg = String::from(r#"<svg viewBox="-228 -224 456 448" aria-hidden="true">"#);
    months(&mut svg, here, locale);
    stages(&mut svg, here);
    for it in Competency::ALL {
        wedge(&mut svg, here, *it);
    }
    for level in 1..5 {
        let _ = write!(svg, r#"<circle class="level" r="{}"/>"#, WEDGE.0 + LEVEL * f64::from(level));
    }
    let next = here.advice.next;
    if here.is_next(next) {
        // After the circles of the levels, which would cut it into pieces.
        let (from, to) = edges(next);
        let _ = write!(svg, r#"<g class="next"><path class="outline" d="{}"/></g>"#, piece(WEDGE, from, to));
    }
    groups(&mut svg);
    let today = angle(here, here.at.day);
    let ((x1, y1), (x2, y2)) = (point(BAND.0 - 6.0, today), point(ELAPSED, today));
    let _ = write!(
        svg,
        r#"<line class="hand" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}"/><circle class="hand-tip" cx="{x2:.1}" cy="{y2:.1}" r="4"/>"#
    );
    if let Some(mean) = cycles::mean_maturity(&here.assessments, here.cycle) {
        let _ = write!(
            svg,
            r#"<text class="mean" y="8">{}</text><text class="of" y="26">of 5</text>"#,
            locale.decimal(mean, 1)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Where a day of the year stands on the ring: 0 at the top, clockwise.
fn angle(here: &Here, day: Date) -> f64 {
    let year = here.at.year;
    let length = days_between(year.starts, year.ends) + 1;
    #[expect(clippy::cast_precision_loss, reason = "days of one year")]
    let share = days_between(year.starts, day) as f64 / length as f64;
    TAU * share
}

fn point(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.sin(), -radius * angle.cos())
}

/// A piece of a ring between two radii and two angles.
fn piece((inner, outer): (f64, f64), from: f64, to: f64) -> String {
    let [(x1, y1), (x2, y2)] = [point(outer, from), point(outer, to)];
    let [(x3, y3), (x4, y4)] = [point(inner, to), point(inner, from)];
    let large = i32::from(to - from > TAU / 2.0);
    format!(
        "M{x1:.1} {y1:.1}A{outer} {outer} 0 {large} 1 {x2:.1} {y2:.1}L{x3:.1} {y3:.1}A{inner} {inner} 0 {large} 0 {x4:.1} {y4:.1}Z"
    )
}

/// A line along the ring; against the clock where text on it would stand on its head.
fn along(radius: f64, from: f64, to: f64, backward: bool) -> String {
    let (first, last) = if backward { (to, from) } else { (from, to) };
    let [(x1, y1), (x2, y2)] = [point(radius, first), point(radius, last)];
    let large = i32::from(to - from > TAU / 2.0);
    let sweep = i32::from(!backward);
    format!("M{x1:.1} {y1:.1}A{radius:.1} {radius:.1} 0 {large} {sweep} {x2:.1} {y2:.1}")
}

/// A word along the ring between two angles, readable from below on the lower half; left out where it does not fit.
fn word(svg: &mut String, id: &str, class: &str, text: &str, radius: f64, from: f64, to: f64) {
    #[expect(clippy::cast_precision_loss, reason = "the letters of one word")]
    let needed = text.chars().count() as f64 * 6.8 + 6.0;
    if (to - from) * radius < needed {
        return;
    }
    let middle = f64::midpoint(from, to);
    let backward = middle > TAU / 4.0 && middle < TAU * 3.0 / 4.0;
    // Text sits on its line: shifted by half the height of a letter it stands in the middle of the band.
    let radius = if backward { radius + 4.0 } else { radius - 4.0 };
    let path = along(radius, from, to, backward);
    let _ = write!(
        svg,
        r##"<path id="{id}" d="{path}" fill="none"/><text class="{class}"><textPath href="#{id}" startOffset="50%">{text}</textPath></text>"##
    );
}

fn months(svg: &mut String, here: &Here, locale: Locale) {
    let year = here.at.year;
    for month in 0..12 {
        let (from, to) = (year.starts + month.months(), year.starts + (month + 1).months());
        let (x, y) = point(MONTH, f64::midpoint(angle(here, from), angle(here, to)));
        let now = if from <= here.at.day && here.at.day < to { " now" } else { "" };
        let name = locale.month(from.month());
        let _ = write!(svg, r#"<text class="month{now}" x="{x:.1}" y="{y:.1}">{name}</text>"#);
    }
}

fn stages(svg: &mut String, here: &Here) {
    for (at, span) in here.calendar.spans(here.at.year).iter().enumerate() {
        let (from, to) = (angle(here, span.from) + 0.01, angle(here, span.until + 1.day()) - 0.01);
        if to <= from {
            continue;
        }
        let now = if span.from <= here.at.day && here.at.day <= span.until { " now" } else { "" };
        let (class, text) = if span.handed_in { (" due", "Budget in") } else { (now, span.stage.label()) };
        let _ = write!(svg, r#"<path class="stage{class}" d="{}"/>"#, piece(BAND, from, to));
        let middle = f64::midpoint(BAND.0, BAND.1);
        word(svg, &format!("ring-s{at}"), &format!("stage-name{class}"), text, middle, from, to);
    }
    let gone = angle(here, here.at.day);
    if gone > 0.02 {
        let _ = write!(svg, r#"<path class="gone" d="{}"/>"#, along(ELAPSED, 0.01, gone, false));
    }
}

/// The angles between which a competency stands.
fn edges(competency: Competency) -> (f64, f64) {
    let at = competency as usize;
    let gap = |is_edge: bool| if is_edge { GROUP_GAP } else { GAP };
    let step = TAU / 15.0;
    #[expect(clippy::cast_precision_loss, reason = "numbers up to fifteen")]
    (at as f64 * step + gap(at.is_multiple_of(3)), (at + 1) as f64 * step - gap(at % 3 == 2))
}

fn wedge(svg: &mut String, here: &Here, competency: Competency) {
    let (from, to) = edges(competency);
    let maturity = here.maturity(competency);
    let next = here.is_next(competency);
    let mut class = Vec::new();
    class.extend(here.is_settled(competency).then_some("settled"));
    class.extend(next.then_some("next"));
    class.extend((maturity == Some(5)).then_some("full"));
    let whole = piece(WEDGE, from, to);
    let _ = write!(
        svg,
        r#"<a class="{}" href="{}" tabindex="-1"><title>{} {}: {}</title><path class="wedge" d="{whole}"/>"#,
        class.join(" "),
        competency.url(),
        competency.number(),
        competency.label(),
        maturity.map_or("not assessed".to_owned(), |it| format!("maturity {it} of 5")),
    );
    if let Some(level @ 1..) = maturity {
        #[expect(clippy::cast_precision_loss, reason = "levels up to five")]
        let filled = WEDGE.0 + LEVEL * level as f64;
        let _ = write!(svg, r#"<path class="fill" d="{}"/>"#, piece((WEDGE.0, filled), from, to));
    }
    let (x, y) = point(NUMBER, f64::midpoint(from, to));
    let _ = write!(svg, r#"<text class="num" x="{x:.1}" y="{y:.1}">{}</text></a>"#, competency.number());
}

fn groups(svg: &mut String) {
    for (at, group) in Group::ALL.iter().enumerate() {
        let step = TAU / 5.0;
        #[expect(clippy::cast_precision_loss, reason = "numbers up to five")]
        let (from, to) = (at as f64 * step + GROUP_GAP, (at + 1) as f64 * step - GROUP_GAP);
        let _ = write!(svg, r#"<path class="bracket" d="{}"/>"#, along(BRACKET, from, to, false));
        word(svg, &format!("ring-g{at}"), "group", group.label(), GROUP, from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::here::tests::{assessed, here};

    fn drawn(here: &Here) -> String {
        ring(here, Locale::of("en-GB"))
    }

    fn count(svg: &str, part: &str) -> usize {
        svg.matches(part).count()
    }

    #[test]
    fn the_ring_shows_fifteen_wedges_twelve_months_every_stage_and_the_next_one_outlined() {
        let all = Competency::ALL.iter().map(|it| assessed(1, *it, if it.number() == 5 { 1 } else { 3 }, false));
        let svg = drawn(&here(all.collect(), Vec::new()));
        let found = [r#"class="wedge""#, r#"class="fill""#, r#"class="month"#, r#"class="stage"#, r#"class="outline""#];
        // Each stage is a path and a name.
        assert_eq!(found.map(|it| count(&svg, it)), [15, 15, 12, 8, 1]);
        assert!(svg.contains(r#"<a class="next" href="/journey/c05""#), "{svg}");
        assert!(svg.contains(r#"<text class="mean" y="8">2.9</text>"#), "{svg}");
    }

    #[test]
    fn a_wedge_is_filled_to_its_level() {
        let svg = drawn(&here(
            vec![assessed(1, Competency::Envisioning, 3, true), assessed(1, Competency::Projects, 0, false)],
            Vec::new(),
        ));
        assert_eq!(count(&svg, r#"class="fill""#), 1, "nothing is filled at level 0");
        let fill = svg.split(r#"class="fill" d=""#).nth(1).expect("a filled wedge");
        let radius = WEDGE.0 + 3.0 * LEVEL;
        assert!(fill.contains(&format!("A{radius} {radius} ")), "{fill}");
    }

    #[test]
    fn the_year_starts_at_the_top_and_the_hand_points_to_today() {
        let here = here(Vec::new(), Vec::new());
        assert_eq!(angle(&here, here.at.year.starts), 0.0);
        // 23 November is day 145 of 365 of a year that starts on 1 July.
        assert!((angle(&here, here.at.day) - TAU * 145.0 / 365.0).abs() < 1e-12);
        let (x, y) = point(ELAPSED, TAU * 145.0 / 365.0);
        assert!(drawn(&here).contains(&format!(r#"cx="{x:.1}" cy="{y:.1}""#)));
        assert!(x > 0.0 && y > 0.0, "the lower right");
    }

    #[test]
    fn group_names_do_not_touch_the_circle_around_them() {
        // Letters of 11 pixels stand 4 below to 8 above the middle of their line.
        assert!(GROUP + 8.0 < BRACKET && BRACKET < WEDGE.0);
    }
}
