//! What a form sent that may bring a file along.

use std::collections::BTreeMap;

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::StatusCode,
};

use crate::error::{Error, Result};

/// The fields of a form, and its file. A form that cannot hold a file sent nothing.
#[derive(Debug, Default)]
pub struct Sent {
    fields: BTreeMap<String, String>,
    /// What it is called where it came from, and what is in it; nothing where none was chosen.
    pub file: Option<(String, Vec<u8>)>,
}

impl Sent {
    /// The text of a field; nothing where it was not sent.
    pub fn get(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", |it| it)
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Sent> {
        let mut sent = Sent::default();
        let Ok(mut form) = Multipart::from_request(request, state).await else { return Ok(sent) };
        while let Some(field) = form.next_field().await.map_err(unread)? {
            match field.file_name().map(base_name) {
                Some(name) if name.is_empty() => {}
                Some(name) => sent.file = Some((name, field.bytes().await.map_err(unread)?.to_vec())),
                None => {
                    let key = field.name().unwrap_or_default().to_owned();
                    sent.fields.insert(key, field.text().await.map_err(unread)?);
                }
            }
        }
        Ok(sent)
    }
}

fn unread(err: MultipartError) -> Error {
    Error::refused(match err.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            "The file is larger than what is taken here. Nothing was saved: split it, or leave out what is not needed."
        }
        _ => "What was sent broke off. Nothing was saved: send it again.",
    })
}

/// The name without a folder, which some browsers send along, and without what no file name holds.
fn base_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|it| !it.is_control()).take(200).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_loses_the_folder_that_it_came_from() {
        assert_eq!(base_name("C:\\Users\\ada\\Contract.pdf"), "Contract.pdf");
        assert_eq!(base_name("../../etc/passwd"), "passwd");
    }
}
