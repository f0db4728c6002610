use serde::Serialize;

/// Something doubtful that did not prevent an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable word for programs, such as `no_variation`.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
    /// The place in the input: a column, an item, a line.
    #[serde(rename = "where")]
    pub place: String,
}

impl Finding {
    pub fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding { code, message: message.into(), place: place.into() }
    }
}
