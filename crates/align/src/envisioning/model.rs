//! The vision and what it grows from: talks, examples, the radar, opportunities, workshops.

use jiff::civil::Date;
use kit::{
    choices,
    method::Proposition,
    people::PersonId,
    record::{Faults, Field, Kind, Row, Value},
    rights::Right,
};

choices! {
    /// Where a vision stands.
    pub VisionState {
        Draft = "draft", "Draft", Warn;
        Current = "current", "Current", Good;
        Replaced = "replaced", "Replaced";
    }
}

/// The most characters of a vision: one page.
const ONE_PAGE: usize = 3000;

kit::record! {
    /// What technology should do for the organisation, on one page.
    pub Vision(VisionId) = Kind::new("vision", "Vision", "Visions", "/visions")
        .about("What technology should do for the organisation in the years ahead, on one page, with the names of those who stand behind it.")
        .first_step("Hold a workshop and make its result the first draft, or write the first sentence here.")
        .titled("title")
        .known_by(&["title"])
        .rights(Right::View, Right::Lead)
        .screens(&[("Versions", "versions")])
        .signed()
        .completed(current_from_today)
        .signed_for(&["wording"])
        .ruled(one_current_page);
    title: String = Field::text("Title").required();
    wording: String = Field::prose("Wording").required().help("A few sentences that each leader could say by heart; one page at most.").synonyms(&["text", "vision"]);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Who keeps the page alive.").synonyms(&["owner email"]);
    state: VisionState = Field::choice("State", VisionState::CHOICES).required().synonyms(&["status"]);
    since: Option<Date> = Field::date("Since").past().help("The day from which it holds. Of a draft it stays empty; making it current fills it in.");
}

/// A vision is current from the day on which somebody says so, unless they write another.
fn current_from_today(row: &mut Row, today: Date) {
    let kind = Vision::KIND;
    let since = kind.position("since");
    if row.get(kind, "state").text() == VisionState::Current.key() && row.values[since].is_empty() {
        row.values[since] = Value::Date(today);
    }
}

fn one_current_page(row: &Row, others: &[Row], faults: &mut Faults) {
    let kind = Vision::KIND;
    let is_current = |it: &&Row| it.get(kind, "state").text() == VisionState::Current.key();
    if is_current(&row)
        // An import brings the record itself among the others.
        && let Some(other) = others.iter().filter(|it| it.id != row.id).find(is_current)
    {
        faults.add(
            "state",
            format!(
                "“{}” is the current vision, and there can be only one. Save this as a draft, then press “Make it \
                 current” among its versions: that replaces the other.",
                other.title(kind)
            ),
        );
    }
    let length = row.get(kind, "wording").text().chars().count();
    if length > ONE_PAGE {
        faults.add(
            "wording",
            format!("The wording has {length} characters, and a page holds {ONE_PAGE}. Shorten it: what is on one page is read."),
        );
    }
}

kit::record! {
    /// A talk with a leader about what IT could do: what was prepared, and what was heard.
    pub Talk(TalkId) = Kind::new("talk", "Talk", "Talks", "/talks")
        .about("Talks with leaders about what they believe IT could do: what was prepared, and what was heard.")
        .first_step("Open the preparation sheet of a leader and note when you will talk.")
        .titled("topic")
        .known_by_all(&["person", "topic"])
        .rights(Right::SeeNamedAnswers, Right::SeeNamedAnswers);
    topic: String = Field::text("Topic").required();
    person: PersonId = Field::link("Leader", "person").required().synonyms(&["leader email", "person email"]);
    held: Option<Date> = Field::date("Held on").past().help("Leave it empty until you have talked.");
    prepared: Option<String> = Field::prose("Prepared").help("What you want to say and to ask, in your own words.");
    notes: Option<String> = Field::prose("Heard").help("What they said, in their own words.");
}

kit::record! {
    /// What a similar organisation did with technology, and what that shows.
    pub Example(ExampleId) = Kind::new("example", "Example", "Examples", "/examples")
        .about("What similar organisations did with technology, where that is from, and what it shows.")
        .first_step("Write down the example that you tell most often, with its source.")
        .titled("title")
        .known_by(&["title"])
        .followed_by(&["opportunity"])
        .ruled(for_a_proposition);
    title: String = Field::text("What they did").required().synonyms(&["title", "example"]);
    who: Option<String> = Field::text("Who").help("What kind of organisation it is, and how large.").synonyms(&["organisation", "company"]);
    foundation: bool = Field::yes_no("Dependable foundation");
    efficiency: bool = Field::yes_no("Cheaper and faster work");
    insight: bool = Field::yes_no("Better decisions and control");
    growth: bool = Field::yes_no("New business");
    shows: String = Field::prose("What it shows").required();
    source: Option<String> = Field::text("Source").unlisted().help("Who told it, or where it stands.");
    link: Option<String> = Field::url("Address").synonyms(&["url", "link"]);
    year: Option<i64> = Field::whole("Year of the source", 1950, 2100).unlisted().synonyms(&["year"]);
}

fn for_a_proposition(row: &Row, _: &[Row], faults: &mut Faults) {
    if !Proposition::ALL.iter().any(|it| *row.get(Example::KIND, it.key()) == Value::Bool(true)) {
        faults.add(
            "foundation",
            "Tick at least one of the four value propositions: it says for which doubt the example is an answer.",
        );
    }
}

impl Example {
    /// Whether it is an example of a value proposition.
    pub fn is_of(&self, proposition: Proposition) -> bool {
        match proposition {
            Proposition::Foundation => self.foundation,
            Proposition::Efficiency => self.efficiency,
            Proposition::Insight => self.insight,
            Proposition::Growth => self.growth,
        }
    }
}

choices! {
    /// The four fields of the radar.
    pub Quadrant {
        Infrastructure = "infrastructure", "Infrastructure";
        Workplace = "workplace", "Workplace";
        Data = "data", "Data";
        Products = "products", "Products and services";
    }
}

choices! {
    /// What we mean to do about a technology, from the middle of the radar outwards.
    pub Ring {
        Adopt = "adopt", "Adopt", Good;
        Try = "try", "Try", Good;
        Watch = "watch", "Watch", Warn;
        Stop = "stop", "Stop", Bad;
    }
}

kit::record! {
    /// A technology on the radar.
    pub RadarEntry(RadarEntryId) = Kind::new("radar_entry", "Radar entry", "Radar entries", "/radar/entries")
        .about("Technologies that matter here: what we mean to do about each, why, and whether that has changed.")
        .first_step("Add the technology that somebody asked you about last, and say what you mean to do about it.")
        .known_by(&["name"])
        .followed_by(&["opportunity"])
        .ruled(moved_when_reviewed);
    name: String = Field::text("Name").required().synonyms(&["technology"]);
    quadrant: Quadrant = Field::choice("Quadrant", Quadrant::CHOICES).required();
    ring: Ring = Field::choice("Ring", Ring::CHOICES).required().help("Adopt: use it. Try: a small trial. Watch: read about it. Stop: use it no longer.");
    ring_before: Option<Ring> = Field::choice("Ring before", Ring::CHOICES).unlisted().help("Where it stood before the last review; nothing where it is new. A review fills it in.").synonyms(&["previous ring"]);
    reviewed: Option<Date> = Field::date("Reviewed on");
    relevance: Option<i64> = Field::whole("Relevance to the industry", 1, 5).help("How much it matters in our industry, from 1 (little) to 5 (decides who stays).").synonyms(&["relevance", "industry relevance"]);
    foundation: Option<i64> = Field::whole("Effect: dependable foundation", 0, 3).unlisted().help("What it could do for us, from 0 (nothing) to 3 (much).").synonyms(&["foundation"]);
    efficiency: Option<i64> = Field::whole("Effect: cheaper and faster work", 0, 3).unlisted().synonyms(&["efficiency"]);
    insight: Option<i64> = Field::whole("Effect: better decisions and control", 0, 3).unlisted().synonyms(&["insight"]);
    growth: Option<i64> = Field::whole("Effect: new business", 0, 3).unlisted().synonyms(&["growth"]);
    why: Option<String> = Field::prose("Why").help("What speaks for this ring, in a sentence.");
}

fn moved_when_reviewed(row: &Row, _: &[Row], faults: &mut Faults) {
    let kind = RadarEntry::KIND;
    if !row.get(kind, "ring_before").is_empty() && row.get(kind, "reviewed").is_empty() {
        faults.add("reviewed", "It has a ring before, so it was reviewed: say on which day.");
    }
}

impl RadarEntry {
    /// What it could do for each value proposition, in the order of the method.
    pub fn effects(&self) -> [Option<i64>; 4] {
        [self.foundation, self.efficiency, self.insight, self.growth]
    }
}

choices! {
    /// How far an opportunity has come.
    pub OpportunityState {
        Idea = "idea", "Idea";
        Examined = "examined", "Being examined", Warn;
        TakenUp = "taken_up", "Taken up", Good;
        Left = "left", "Left";
    }
}

kit::record! {
    /// Something that technology makes possible here.
    pub Opportunity(OpportunityId) = Kind::new("opportunity", "Opportunity", "Opportunities", "/opportunities")
        .about("What technology makes possible here, before anybody expects it: an idea with a name behind it.")
        .first_step("Take an entry of the radar and say what it would be good for here.")
        .titled("title")
        .known_by(&["title"])
        .followed_by(&["outcome"]);
    title: String = Field::text("Opportunity").required().synonyms(&["title", "idea"]);
    proposition: Option<Proposition> = Field::choice("Value proposition", Proposition::CHOICES);
    owner: Option<PersonId> = Field::link("Owner", "person").accountable().help("Who wants it.").synonyms(&["owner email"]);
    state: OpportunityState = Field::choice("State", OpportunityState::CHOICES).required().synonyms(&["status"]);
    serves: Option<String> = Field::prose("What for").help("Who would do what differently, and what that would be worth.").synonyms(&["detail", "description"]);
}

kit::record! {
    /// An hour in which leaders find the phrases of the vision.
    pub Workshop(WorkshopId) = Kind::new("workshop", "Workshop", "Workshops", "/workshops")
        .about("An hour in which leaders put dots on the phrases that they want in the vision, each on their own phone.")
        .first_step("Choose a day and a number of dots; then add the first phrases.")
        .titled("title")
        .sorted("held")
        .known_by(&["title"])
        .rights(Right::View, Right::Lead)
        .screens(&[("Board", "board")])
        .begins_on("board");
    title: String = Field::text("Title").required().usually("What should technology do for us?");
    held: Date = Field::date("Day").required();
    dots: i64 = Field::whole("Dots for each", 1, 12).required().usually("3").help("How many dots everyone has. A third of the number of phrases works well.");
    adding: bool = Field::yes_no("Phrases from the room").help("Whether everyone may add phrases of their own while the voting is open.");
}

#[cfg(test)]
mod tests {
    use kit::record::Record;

    use super::*;

    fn vision(state: VisionState, wording: &str) -> Row {
        let id = VisionId::fresh();
        Vision {
            id,
            version: 1,
            title: "Page".to_owned(),
            wording: wording.to_owned(),
            owner: None,
            state,
            since: None,
        }
        .to_row()
    }

    fn faults(row: &Row, others: &[Row]) -> Faults {
        let mut faults = Faults::default();
        (Vision::KIND.rules)(row, others, &mut faults);
        faults
    }

    #[test]
    fn there_is_one_current_vision_and_any_number_of_others() {
        let others = [vision(VisionState::Current, "a"), vision(VisionState::Replaced, "b")];
        assert!(faults(&vision(VisionState::Current, "c"), &others).of("state").is_some());
        assert!(faults(&vision(VisionState::Draft, "c"), &others).is_empty());
        assert!(faults(&vision(VisionState::Current, "c"), &others[1..]).is_empty());
        assert!(faults(&others[0], &others).is_empty(), "it is not its own rival");
    }

    #[test]
    fn a_vision_longer_than_a_page_is_refused() {
        assert!(faults(&vision(VisionState::Draft, &"ä".repeat(ONE_PAGE)), &[]).is_empty());
        assert!(faults(&vision(VisionState::Draft, &"ä".repeat(ONE_PAGE + 1)), &[]).of("wording").is_some());
    }

    #[test]
    fn an_example_is_of_at_least_one_proposition() {
        let example = |growth: bool| Example {
            id: ExampleId::fresh(),
            version: 1,
            title: "Stations that report".to_owned(),
            who: None,
            foundation: false,
            efficiency: false,
            insight: false,
            growth,
            shows: "It works".to_owned(),
            source: None,
            link: None,
            year: None,
        };
        let mut faults = Faults::default();
        (Example::KIND.rules)(&example(true).to_row(), &[], &mut faults);
        assert!(faults.is_empty() && example(true).is_of(Proposition::Growth));
        (Example::KIND.rules)(&example(false).to_row(), &[], &mut faults);
        assert!(faults.of("foundation").is_some());
    }
}
