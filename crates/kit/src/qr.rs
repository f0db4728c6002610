//! QR codes: a link that a phone can read from paper or from the wall.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

use crate::error::{Error, Result};

/// The clear ground around a code, in modules, as ISO/IEC 18004 wants it where no white paper surrounds it.
pub const QUIET: usize = 4;

/// A code of `pixels` in width, for a page; `quiet` modules of white around it, as many as [`QUIET`] on a coloured
/// ground, none where the paper is white.
///
/// Refuses a text that no code holds, which starts at some two thousand characters.
pub fn svg(text: &str, pixels: usize, quiet: usize) -> Result<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|it| Error::internal(format!("no QR code: {it:?}")))?;
    let size = code.size + 2 * quiet;
    let mut path = String::new();
    for row in 0..code.size {
        let mut at = 0;
        for run in code[row].chunk_by(|one, next| one.value() == next.value()) {
            if run[0].value() {
                let _ = write!(path, "M{} {}h{}v1h-{}z", at + quiet, row + quiet, run.len(), run.len());
            }
            at += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{pixels}\" height=\"{pixels}\" \
         shape-rendering=\"crispEdges\"><rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_draws_its_dark_modules_and_no_others() {
        let text = "https://waypost.example.org/a/0123456789";
        let svg = svg(text, 120, QUIET).expect("a code");
        let code = QRBuilder::new(text).ecl(ECL::M).build().expect("a code");
        let dark = (0..code.size).flat_map(|row| code[row].iter()).filter(|it| it.value()).count();
        let path = svg.split_once("d=\"").expect("a path").1;
        let drawn: usize = path.split('h').skip(1).filter_map(|it| it.split_once('v')?.0.parse::<usize>().ok()).sum();
        assert_eq!(drawn, dark);
        assert!(svg.starts_with("<svg") && svg.contains(&format!("viewBox=\"0 0 {0} {0}\"", code.size + 8)));
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert!(svg(&"x".repeat(4000), 120, 0).is_err());
    }
}
