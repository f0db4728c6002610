//! Mail that goes out.

/// The server that takes our mail.
#[derive(Debug, Clone)]
pub struct Server {
    /// An address such as `smtps://user:secret@mail.example.org`.
    pub url: String,
    /// Who it comes from.
    pub from: String,
}
