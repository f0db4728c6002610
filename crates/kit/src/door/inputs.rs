//! The fields of the door's forms, drawn alike, with what was typed and what is wrong with it.

use askama::Template;

use crate::{
    format::Writing,
    record::{Draft, Faults, Field, Value, read},
};

/// How a field is asked for.
pub enum Ask {
    Text,
    Email,
    /// The browser is told whether it is the present password or a new one.
    Password(Known),
    Number,
    /// Groups of values with their labels; a group without a name stands alone.
    Choice(Vec<(String, Vec<(String, String)>)>),
    /// A day of every year: `KEY_month` and `KEY_day`.
    MonthDay,
}

#[derive(PartialEq, Eq)]
pub enum Known {
    Present,
    New,
}

/// A field of a form.
pub struct Input {
    pub key: &'static str,
    pub label: &'static str,
    pub help: String,
    pub ask: Ask,
    /// What a browser may fill in by itself, in the words of the HTML standard.
    pub autocomplete: &'static str,
}

impl Input {
    pub fn new(key: &'static str, label: &'static str, ask: Ask) -> Input {
        let autocomplete = match &ask {
            Ask::Email => "username",
            Ask::Password(Known::Present) => "current-password",
            Ask::Password(Known::New) => "new-password",
            _ => "off",
        };
        Input { key, label, help: String::new(), ask, autocomplete }
    }

    pub fn help(mut self, help: impl Into<String>) -> Input {
        self.help = help.into();
        self
    }

    pub fn completed_as(mut self, autocomplete: &'static str) -> Input {
        self.autocomplete = autocomplete;
        self
    }

    fn kind(&self) -> &'static str {
        match self.ask {
            Ask::Email => "email",
            Ask::Password(_) => "password",
            Ask::Number => "number",
            _ => "text",
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Reads the text of one field. What is wrong with it is added to the faults; it is empty then.
pub fn text(key: &str, field: &Field, draft: &Draft, faults: &mut Faults) -> String {
    match read(field, draft.get(key), Writing::default()) {
        Ok(Value::Text(it)) => it,
        Ok(_) => String::new(),
        Err(fault) => {
            faults.add(key, fault);
            String::new()
        }
    }
}

/// Fields with what was typed and the faults; passwords are never written back.
#[derive(Template)]
#[template(path = "door/inputs.html")]
pub struct Inputs<'a> {
    pub inputs: Vec<Input>,
    pub draft: &'a Draft,
    pub faults: &'a Faults,
}

impl Inputs<'_> {
    fn typed(&self, key: &str, part: &str) -> &str {
        self.draft.get(&format!("{key}{part}"))
    }

    /// The number of a month as it stands in the form.
    fn is_month(&self, input: &Input, month: &usize) -> bool {
        self.typed(input.key, "_month").parse() == Ok(*month)
    }

    fn described(&self, input: &Input) -> String {
        let mut by = Vec::new();
        if !input.help.is_empty() {
            by.push(format!("h-{}", input.key));
        }
        if self.faults.of(input.key).is_some() {
            by.push(format!("e-{}", input.key));
        }
        by.join(" ")
    }
}
