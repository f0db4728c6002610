//! The words in which a kind of record is described.

use jiff::civil::Date;

use crate::{
    format::folded,
    people::{Person, PersonId, Viewer},
    record::{Faults, Row, Value},
    rights::Right,
};

/// The description of a kind of record.
pub struct Kind {
    /// Names the kind in addresses, links and exports; the table of the database has the same name.
    pub key: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    /// Where its pages live: `/people`.
    pub path: &'static str,
    /// What it is for, in one sentence, shown on its page.
    pub about: &'static str,
    /// What to do first when there is none.
    pub first_step: &'static str,
    pub fields: &'static [Field],
    /// The field that titles a record.
    pub title: &'static str,
    /// The field by which its table is sorted at first.
    pub sort: &'static str,
    /// The fields by which an import recognises a record that is already here, the first filled one first.
    pub identity: &'static [&'static str],
    /// Whether all of the fields must agree, instead of the first filled one.
    pub identity_is_whole: bool,
    /// Where a second record of the same identity is refused: the field that says so, and the sentence.
    pub once: Option<(&'static str, &'static str)>,
    pub view: Right,
    pub edit: Right,
    /// Whether its records are something that somebody has to answer for: rows of the accountability matrix.
    pub accountable: bool,
    /// Which of its records are on: somebody has to answer for them now, and what they ask for is needed. Not what is
    /// done, dropped or only thought of.
    pub answered: fn(row: &Row) -> bool,
    /// Whether people sign its records off, version by version.
    pub signed: bool,
    /// The fields whose change ends a signature; empty: every change does.
    pub signed_for: &'static [&'static str],
    /// Working screens of a record besides its page: label, and what follows its address.
    pub screens: &'static [(&'static str, &'static str)],
    /// The one of them on which the work on a new record goes on; its page where there is none.
    pub begins_on: Option<&'static str>,
    /// The field with the day from which a record is on, where it begins one day.
    pub first_day: Option<&'static str>,
    /// The field with a record's last day: what others name is ended, not deleted.
    pub last_day: Option<&'static str>,
    /// The kinds of record that are usually made of it next, by key: its page offers them.
    pub next: &'static [&'static str],
    /// Who sees which of its records, where the rights alone do not say it.
    pub private: Option<fn(viewer: &Viewer, row: &Row) -> bool>,
    /// What somebody may not write, where the rights alone do not say it.
    pub guard: fn(viewer: &Viewer, before: Option<&Row>, after: &Row, faults: &mut Faults),
    /// What must hold beyond each field on its own, [`Kind::once`], and that it does not end before it begins; the records of
    /// the kind may hold itself.
    pub rules: fn(row: &Row, others: &[Row], faults: &mut Faults),
    /// What a form may leave out because it follows from the rest and the day.
    pub completes: fn(row: &mut Row, today: Date),
    /// What should be mended in a record that may well be kept as it is, as sentences.
    pub findings: fn(row: &Row, today: Date) -> Vec<String>,
}

impl Kind {
    /// A kind with the usual rights: everyone of the organisation sees it, contributors edit it.
    pub const fn new(key: &'static str, one: &'static str, many: &'static str, path: &'static str) -> Kind {
        Kind {
            key,
            one,
            many,
            path,
            about: "",
            first_step: "",
            fields: &[],
            title: "name",
            sort: "name",
            identity: &["name"],
            identity_is_whole: false,
            once: None,
            view: Right::View,
            edit: Right::Contribute,
            accountable: false,
            answered: |_| true,
            signed: false,
            signed_for: &[],
            screens: &[],
            begins_on: None,
            first_day: None,
            last_day: None,
            next: &[],
            private: None,
            guard: |_, _, _, _| {},
            rules: |_, _, _| {},
            completes: |_, _| {},
            findings: |_, _| Vec::new(),
        }
    }

    pub const fn about(mut self, about: &'static str) -> Kind {
        self.about = about;
        self
    }

    pub const fn first_step(mut self, first_step: &'static str) -> Kind {
        self.first_step = first_step;
        self
    }

    /// Names the field that titles a record (a link: it is called as what it leads to), and by which its table is sorted
    /// unless [`Kind::sorted`] says another.
    pub const fn titled(mut self, field: &'static str) -> Kind {
        self.title = field;
        self.sort = field;
        self
    }

    pub const fn sorted(mut self, field: &'static str) -> Kind {
        self.sort = field;
        self
    }

    /// The fields by which an import recognises a record that is here already, the surest first; the name unless said.
    pub const fn known_by(mut self, fields: &'static [&'static str]) -> Kind {
        self.identity = fields;
        self
    }

    /// The same for records that no single field tells apart: all of these together do.
    pub const fn known_by_all(mut self, fields: &'static [&'static str]) -> Kind {
        self.identity_is_whole = true;
        self.known_by(fields)
    }

    /// Refuses a second record that the fields by which it is known do not tell apart, with a sentence beside a field.
    pub const fn once(mut self, field: &'static str, sentence: &'static str) -> Kind {
        self.once = Some((field, sentence));
        self
    }

    pub const fn rights(mut self, view: Right, edit: Right) -> Kind {
        self.view = view;
        self.edit = edit;
        self
    }

    /// Makes its records rows of the accountability matrix.
    pub const fn accountable(mut self) -> Kind {
        self.accountable = true;
        self
    }

    /// Says which of its records are on, so that somebody has to answer for them now; without it all of them.
    pub const fn answered_while(mut self, open: fn(row: &Row) -> bool) -> Kind {
        self.answered = open;
        self
    }

    /// Lets people be asked to sign its records off; a signature is of one version.
    pub const fn signed(mut self) -> Kind {
        self.signed = true;
        self
    }

    /// Lets a signature last until one of these fields changes, instead of one version.
    pub const fn signed_for(mut self, fields: &'static [&'static str]) -> Kind {
        self.signed_for = fields;
        self
    }

    /// Leads from the page of a record to its working screens, such as `("Scores", "scores")`.
    pub const fn screens(mut self, screens: &'static [(&'static str, &'static str)]) -> Kind {
        self.screens = screens;
        self
    }

    /// Names the working screen that whoever has added a record is led to.
    pub const fn begins_on(mut self, screen: &'static str) -> Kind {
        self.begins_on = Some(screen);
        self
    }

    /// Names the kinds of record that usually follow from one of these, by key.
    pub const fn followed_by(mut self, kinds: &'static [&'static str]) -> Kind {
        self.next = kinds;
        self
    }

    /// Names the field with the day from which a record is on: what it asks for is needed from then.
    pub const fn begun_by(mut self, field: &'static str) -> Kind {
        self.first_day = Some(field);
        self
    }

    /// Names the field with a record's last day, which is offered instead of deleting what others name.
    pub const fn ended_by(mut self, field: &'static str) -> Kind {
        self.last_day = Some(field);
        self
    }

    /// Shows a record only to those of whom this says so; the others do not even learn that it exists.
    pub const fn private(mut self, shown: fn(viewer: &Viewer, row: &Row) -> bool) -> Kind {
        self.private = Some(shown);
        self
    }

    /// Refuses what somebody may not write of a record that they see, given what was there before.
    pub const fn guarded(
        mut self,
        guard: fn(viewer: &Viewer, before: Option<&Row>, after: &Row, faults: &mut Faults),
    ) -> Kind {
        self.guard = guard;
        self
    }

    pub const fn ruled(mut self, rules: fn(row: &Row, others: &[Row], faults: &mut Faults)) -> Kind {
        self.rules = rules;
        self
    }

    /// Fills in what a form may leave out, given the day on which it is saved.
    pub const fn completed(mut self, completes: fn(row: &mut Row, today: Date)) -> Kind {
        self.completes = completes;
        self
    }

    /// Says on the page of each record what should be mended in it; unlike a rule, this refuses nothing.
    pub const fn findings(mut self, findings: fn(row: &Row, today: Date) -> Vec<String>) -> Kind {
        self.findings = findings;
        self
    }

    #[doc(hidden)]
    pub const fn with_fields(mut self, fields: &'static [Field]) -> Kind {
        self.fields = fields;
        self
    }

    pub fn is_shown(&self, viewer: &Viewer, row: &Row) -> bool {
        self.private.is_none_or(|shown| shown(viewer, row))
    }

    /// Whether its records hold amounts of money.
    pub fn has_amounts(&self) -> bool {
        self.fields.iter().any(|it| it.kind == FieldKind::Money)
    }

    /// Whether this viewer sees the amounts of a record: by right, or because it names them.
    pub fn shows_amounts(&self, viewer: &Viewer, row: &Row) -> bool {
        let names = |me: PersonId| {
            let mut fields = self.fields.iter().zip(&row.values);
            fields.any(|(field, it)| field.kind == FieldKind::Link(Person::KIND.key) && *it == Value::Link(me.0))
        };
        viewer.sees_costs || viewer.me.is_some_and(names)
    }

    /// The fields of a record that this viewer sees and writes.
    pub fn open_fields(&self, viewer: Option<&Viewer>, row: Option<&Row>) -> Vec<&'static Field> {
        let amounts = viewer.is_none_or(|it| row.map_or(it.sees_costs, |row| self.shows_amounts(it, row)));
        self.fields.iter().filter(|it| amounts || it.kind != FieldKind::Money).collect()
    }

    /// Empties what this viewer does not see of a record that they do see.
    pub fn hide(&self, viewer: &Viewer, row: &mut Row) {
        if self.has_amounts() && !self.shows_amounts(viewer, row) {
            for (_, value) in self.fields.iter().zip(&mut row.values).filter(|(it, _)| it.kind == FieldKind::Money) {
                *value = Value::Empty;
            }
        }
    }

    /// What is wrong with a record that this viewer wants to write: nobody writes what they would not see, or writes
    /// themselves in to see it. The answer is the same whether there was such a record before or not.
    pub fn refuses(&self, viewer: &Viewer, before: Option<&Row>, after: &Row) -> Faults {
        let mut faults = Faults::default();
        if self.is_shown(viewer, after) && before.is_none_or(|it| self.is_shown(viewer, it)) {
            let opens = |it: &Row| self.shows_amounts(viewer, after) && !self.shows_amounts(viewer, it);
            if self.has_amounts() && before.is_some_and(opens) {
                let of = self.one.to_lowercase();
                faults.add(
                    "",
                    format!(
                        "Naming yourself would show you the amounts of this {of}. Ask somebody who sees costs to do it."
                    ),
                );
            }
            (self.guard)(viewer, before, after, &mut faults);
        } else {
            faults.add("", format!("You may see no {} of this, so you cannot write one.", self.one.to_lowercase()));
        }
        faults
    }

    /// What must hold of a record beside the others of its kind, itself perhaps among them.
    pub fn check(&self, row: &Row, others: &[Row], faults: &mut Faults) {
        let is_same = |key: &&str, other: &Row| match (row.get(self, key), other.get(self, key)) {
            (Value::Empty, _) => false,
            (Value::Text(one), Value::Text(two)) => folded(one) == folded(two),
            (one, two) => one == two,
        };
        let is_again = |it: &Row| it.id != row.id && self.identity.iter().all(|key| is_same(key, it));
        if let Some((field, sentence)) = self.once
            && others.iter().any(is_again)
        {
            faults.add(field, sentence);
        }
        if let ((Some(first), Some(last)), Some(field)) = (row.days(self), self.last_day)
            && last < first
        {
            faults.add(
                field,
                format!("The {} ends before it begins. Correct one of the two days.", self.one.to_lowercase()),
            );
        }
        (self.rules)(row, others, faults);
    }

    /// What happened does not lie ahead.
    pub fn check_days(&self, row: &Row, today: Date, faults: &mut Faults) {
        for (field, value) in self.fields.iter().zip(&row.values).filter(|(it, _)| it.past) {
            if let Value::Date(it) = value
                && *it > today
            {
                faults.add(field.key, format!("{}: {it} is still to come. Write a day up to today.", field.label));
            }
        }
    }

    /// Whether a record of it needs no more than its name, so that one can be made where something only names it.
    pub fn needs_only_a_name(&self) -> bool {
        let is_text = self.field(self.title).is_some_and(|it| it.kind == FieldKind::Text);
        let needed = self.fields.iter().filter(|it| it.required);
        is_text && self.private.is_none() && needed.map(|it| it.key).eq([self.title])
    }

    /// Where a field stands among the values of a row.
    ///
    /// # Panics
    /// When there is no such field: keys are written in the program, beside the description.
    pub fn position(&self, key: &str) -> usize {
        let found = self.fields.iter().position(|it| it.key == key);
        found.unwrap_or_else(|| panic!("{} has no field {key}", self.key))
    }

    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|it| it.key == key)
    }
}

/// One field of a kind of record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub kind: FieldKind,
    pub required: bool,
    /// Shown in the table; the record's page shows every field.
    pub listed: bool,
    /// Whether the person that it links to answers for the record.
    pub accountable: bool,
    /// Whether it is the day of something that has happened.
    pub past: bool,
    /// Whether it is the cycle of the fifteen in which the record was made.
    pub cycle: bool,
    /// What the form of a new record begins with.
    pub usual: &'static str,
    /// Other names by which a file that someone brings may call it.
    pub synonyms: &'static [&'static str],
}

/// What a field holds and how it is shown, asked for and read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    Text,
    /// Several lines.
    Prose,
    Email,
    Whole {
        min: i64,
        max: i64,
    },
    /// A quantity: digits with a fraction, exact.
    Number,
    /// An amount in the book currency.
    Money,
    /// The address of a page elsewhere.
    Url,
    Date,
    YesNo,
    Choice(&'static [Choice]),
    /// Another record of the kind with this key.
    Link(&'static str),
}

/// One of the answers that a choice field allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    pub key: &'static str,
    pub label: &'static str,
    pub tone: Tone,
    /// Other words by which a file that someone brings may say it, in lower case.
    pub synonyms: &'static [&'static str],
}

/// How a choice is shown: a mark beside its word, never colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Good,
    Warn,
    Bad,
    Business,
    It,
    Provider,
}

impl Choice {
    pub const fn new(key: &'static str, label: &'static str) -> Choice {
        Choice { key, label, tone: Tone::Plain, synonyms: &[] }
    }

    pub const fn toned(mut self, tone: Tone) -> Choice {
        self.tone = tone;
        self
    }

    pub const fn also(mut self, synonyms: &'static [&'static str]) -> Choice {
        self.synonyms = synonyms;
        self
    }
}

impl Tone {
    /// The class of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Tone::Plain => "",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Business => "business",
            Tone::It => "it",
            Tone::Provider => "provider",
        }
    }
}

impl Field {
    const fn new(label: &'static str, kind: FieldKind) -> Field {
        Field {
            key: "",
            label,
            help: "",
            kind,
            required: false,
            listed: true,
            accountable: false,
            past: false,
            cycle: false,
            usual: "",
            synonyms: &[],
        }
    }

    pub const fn text(label: &'static str) -> Field {
        Field::new(label, FieldKind::Text)
    }

    pub const fn prose(label: &'static str) -> Field {
        Field::new(label, FieldKind::Prose).unlisted()
    }

    pub const fn email(label: &'static str) -> Field {
        Field::new(label, FieldKind::Email)
    }

    /// A whole number from `min` to `max`, both allowed.
    pub const fn whole(label: &'static str, min: i64, max: i64) -> Field {
        Field::new(label, FieldKind::Whole { min, max })
    }

    pub const fn number(label: &'static str) -> Field {
        Field::new(label, FieldKind::Number)
    }

    pub const fn money(label: &'static str) -> Field {
        Field::new(label, FieldKind::Money)
    }

    pub const fn url(label: &'static str) -> Field {
        Field::new(label, FieldKind::Url).unlisted()
    }

    pub const fn date(label: &'static str) -> Field {
        Field::new(label, FieldKind::Date)
    }

    pub const fn yes_no(label: &'static str) -> Field {
        Field::new(label, FieldKind::YesNo)
    }

    pub const fn choice(label: &'static str, choices: &'static [Choice]) -> Field {
        Field::new(label, FieldKind::Choice(choices))
    }

    pub const fn link(label: &'static str, kind: &'static str) -> Field {
        Field::new(label, FieldKind::Link(kind))
    }

    pub const fn required(mut self) -> Field {
        self.required = true;
        self
    }

    pub const fn unlisted(mut self) -> Field {
        self.listed = false;
        self
    }

    /// What the form of a new record begins with.
    pub const fn usually(mut self, usual: &'static str) -> Field {
        self.usual = usual;
        self
    }

    pub const fn help(mut self, help: &'static str) -> Field {
        self.help = help;
        self
    }

    /// Says that the person whom it links to answers for the record: it is listed among what they are accountable
    /// for, and has to be given to somebody else before they leave.
    pub const fn accountable(mut self) -> Field {
        self.accountable = true;
        self
    }

    /// Says of a day that something happened on it: it does not lie ahead.
    pub const fn past(mut self) -> Field {
        self.past = true;
        self
    }

    /// Says of a number that it is a cycle of the fifteen: the form of a new record begins with the present one.
    pub const fn cycle(mut self) -> Field {
        self.cycle = true;
        self
    }

    pub const fn synonyms(mut self, synonyms: &'static [&'static str]) -> Field {
        self.synonyms = synonyms;
        self
    }

    #[doc(hidden)]
    pub const fn keyed(mut self, key: &'static str) -> Field {
        self.key = key;
        self
    }

    /// The column that keeps it.
    pub const fn column(&self) -> db::Type {
        match self.kind {
            FieldKind::Text
            | FieldKind::Prose
            | FieldKind::Email
            | FieldKind::Url
            | FieldKind::Number
            | FieldKind::Date
            | FieldKind::Choice(_) => db::Type::Text,
            FieldKind::Whole { .. } | FieldKind::Money => db::Type::Int,
            FieldKind::YesNo => db::Type::Bool,
            FieldKind::Link(_) => db::Type::Id,
        }
    }

    pub fn choice_of(&self, key: &str) -> Option<&'static Choice> {
        match self.kind {
            FieldKind::Choice(choices) => choices.iter().find(|it| it.key == key),
            _ => None,
        }
    }
}
