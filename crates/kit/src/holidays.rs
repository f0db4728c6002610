//! Days on which nobody works: what counts business days leaves them out.

use db::Db;
use jiff::civil::Date;

use crate::{
    area::{Area, Entry},
    error::Result,
    org::OrgId,
    record::{Faults, Field, Kind, Row},
    rights::Right,
    store,
};

crate::record! {
    /// A day on which nobody works, besides Saturday and Sunday.
    pub Holiday(HolidayId) = Kind::new("holiday", "Public holiday", "Public holidays", "/holidays")
        .about("Days on which nobody works where you are. Notice in business days is counted without them.")
        .first_step("Bring in the list of public holidays of your region, with day and name, or add the next one.")
        .known_by_all(&["day"])
        .sorted("day")
        .rights(Right::View, Right::KeepCosts)
        .ruled(once_a_day);
    name: String = Field::text("Holiday").required().synonyms(&["name", "holiday", "feiertag", "title"]);
    day: Date = Field::date("Day").required().synonyms(&["date", "datum", "on"]);
}

/// Each day is written down once, under whichever name.
fn once_a_day(row: &Row, others: &[Row], faults: &mut Faults) {
    let day = row.get(Holiday::KIND, "day");
    if let Some(other) = others.iter().find(|it| it.id != row.id && it.get(Holiday::KIND, "day") == day) {
        let name = other.title(Holiday::KIND);
        faults.add("day", format!("This day is written down already, as “{name}”. Change that one instead."));
    }
}

/// The holidays of an organisation.
pub async fn days(db: &Db, org: OrgId) -> Result<Vec<Date>> {
    Ok(store::all::<Holiday>(db, org).await?.into_iter().map(|it| it.day).collect())
}

/// The area that brings them.
pub struct Holidays;

impl Area for Holidays {
    fn kinds(&self) -> &'static [&'static Kind] {
        &[Holiday::KIND]
    }

    fn entries(&self) -> &'static [Entry] {
        const { &[Entry::new("Public holidays", "/holidays")] }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::record::Record;

    #[test]
    fn a_day_is_a_holiday_once() {
        let holiday =
            |name: &str, day: Date| Holiday { id: HolidayId::fresh(), version: 1, name: name.to_owned(), day }.to_row();
        let (first, second) = (holiday("Labour Day", date(2028, 5, 1)), holiday("May Day", date(2028, 5, 1)));
        let mut faults = Faults::default();
        once_a_day(&second, std::slice::from_ref(&first), &mut faults);
        assert!(faults.of("day").is_some_and(|it| it.contains("“Labour Day”")));
        let mut again = Faults::default();
        once_a_day(&first, &[first.clone(), holiday("Labour Day", date(2029, 5, 1))], &mut again);
        assert!(again.is_empty(), "the same name in another year, and itself");
    }
}
