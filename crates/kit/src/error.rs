//! Errors are named by the answer that they get, not by their cause.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "There is nothing at this address, or not any more. Look for it by its name, or start from the first page."
    )]
    NotFound,
    #[error("Your role does not allow this. Ask the owner of the organisation.")]
    Forbidden,
    /// The request is well formed but the present state of things refuses it; the sentence says what to do.
    #[error("{0}")]
    Refused(String),
    #[error(
        "The disk that holds the data is full. Nothing of what you sent was saved; what was there is unharmed. Free some space and send it again."
    )]
    Full,
    #[error("Something went wrong on our side. It was written to the log; what was there before still stands.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

pub type Result<T> = std::result::Result<T, Error>;

/// What was looked for; nothing where there is none. What went wrong otherwise stays an error.
pub fn found<T>(looked_for: Result<T>) -> Result<Option<T>> {
    match looked_for {
        Ok(it) => Ok(Some(it)),
        Err(Error::NotFound) => Ok(None),
        Err(err) => Err(err),
    }
}

impl Error {
    pub fn refused(why: impl Into<String>) -> Error {
        Error::Refused(why.into())
    }

    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Refused(_) => StatusCode::CONFLICT,
            Error::Full => StatusCode::INSUFFICIENT_STORAGE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<db::Error> for Error {
    fn from(err: db::Error) -> Error {
        match err {
            db::Error::NotFound => Error::NotFound,
            db::Error::Duplicate => Error::refused("Another one of this kind is already here."),
            db::Error::Referenced => Error::refused("Something else still refers to this."),
            db::Error::Full => Error::Full,
            db::Error::Damaged | db::Error::Newer | db::Error::Failed(_) => Error::internal(err),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(err: askama::Error) -> Error {
        Error::internal(err)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::Internal(cause) = &self {
            let mut whole = cause.to_string();
            let mut next = cause.source();
            while let Some(it) = next {
                whole = format!("{whole}: {it}");
                next = it.source();
            }
            tracing::error!("{whole}");
        }
        let title = match &self {
            Error::NotFound => "Nothing is here",
            Error::Forbidden => "This is not yours to see",
            _ => "This did not work",
        };
        crate::web::refusal(self.status(), title, &self.to_string())
    }
}
