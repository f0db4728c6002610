//! Bytes to text, with every line named that is not in the encoding of the rest.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Because, Choices, Code, Findings};

pub(super) struct Decoded {
    pub text: String,
    pub encoding: Because<String>,
    /// Lines, counted from 1, that were not in that encoding, with what was done.
    pub odd_lines: Vec<(u32, &'static str)>,
}

const DETECTED_BYTES: usize = 256 * 1024;
const READ_AS_1252: &str = "is not valid UTF-8; its letters were read as Windows-1252.";
const READ_AS_UTF_8: &str = "is UTF-8 in a file that is not; its letters were read as UTF-8.";
const NOT_VALID: &str = "holds characters that are not valid in this encoding; check them or choose another encoding.";
const ZERO_BYTES: &str = "holds zero bytes, which were left out.";

pub(super) fn decode(bytes: &[u8], choices: &Choices, findings: &mut Findings) -> Decoded {
    let chosen = choices.encoding.as_ref().and_then(|label| {
        let found = Encoding::for_label(label.as_bytes());
        if found.is_none() {
            findings.add(Code::ChoiceMissing, None, None, || {
                format!("“{label}” is not an encoding that is known; it was found out from the file instead.")
            });
        }
        found
    });
    let (encoding, why) = match chosen {
        Some(encoding) => (encoding, "you chose it"),
        None => detect(bytes, choices),
    };
    let bytes = match Encoding::for_bom(bytes) {
        Some((bom, length)) if bom == encoding => &bytes[length..],
        _ => bytes,
    };
    let mut odd_lines = Vec::new();
    let mut text = if encoding == UTF_8 {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => by_line(bytes, &mut odd_lines, |line| match std::str::from_utf8(line) {
                Ok(line) => (Cow::Borrowed(line), None),
                Err(_) => (WINDOWS_1252.decode_without_bom_handling(line).0, Some(READ_AS_1252)),
            }),
        }
    } else if encoding.is_single_byte() {
        by_line(bytes, &mut odd_lines, |line| {
            if line.is_ascii() {
                return (String::from_utf8_lossy(line), None);
            }
            // A line whose every accented letter is a whole UTF-8 sequence is hardly an accident; but a person knows better.
            if chosen.is_none()
                && let Ok(line) = std::str::from_utf8(line)
            {
                return (Cow::Borrowed(line), Some(READ_AS_UTF_8));
            }
            let (line, _) = encoding.decode_without_bom_handling(line);
            let odd = line.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}' | '\u{fffd}'));
            (line, odd.then_some(NOT_VALID))
        })
    } else {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        if damaged {
            let lines = text.split('\n').zip(1..).filter(|(line, _)| line.contains('\u{fffd}'));
            odd_lines.extend(lines.map(|(_, number)| (number, NOT_VALID)));
        }
        text.into_owned()
    };
    if text.contains('\0') {
        let lines = text.split('\n').zip(1..).filter(|(line, _)| line.contains('\0'));
        odd_lines.extend(lines.map(|(_, number)| (number, ZERO_BYTES)));
        text.retain(|c| c != '\0');
    }
    Decoded { text, encoding: Because::new(encoding.name().to_owned(), why), odd_lines }
}

fn detect(bytes: &[u8], choices: &Choices) -> (&'static Encoding, &'static str) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, "the file begins with its mark");
    }
    // Western text in UTF-16 has a zero byte in every second place.
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let many = (head.len() / 2).div_ceil(3).max(2);
    match (zeros(0) >= many, zeros(1) >= many) {
        (false, true) => return (UTF_16LE, "every second byte is zero"),
        (true, false) => return (UTF_16BE, "every second byte is zero"),
        _ => {}
    }
    if bytes.is_ascii() {
        return (UTF_8, "the file has plain ASCII characters only");
    }
    if std::str::from_utf8(bytes).is_ok() {
        return (UTF_8, "all of the file is valid");
    }
    let (mut whole, mut broken) = (0, 0);
    for line in bytes.split(|&b| b == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => whole += 1,
            Err(_) => broken += 1,
        }
    }
    if whole >= broken {
        return (UTF_8, "most of the lines with accented letters are valid");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // The detector is slow and needs no more than some of the lines that have accented letters.
    let mut left = DETECTED_BYTES;
    for line in bytes.split_inclusive(|&b| b == b'\n').filter(|line| !line.is_ascii()) {
        let part = &line[..line.len().min(left)];
        detector.feed(part, false);
        left -= part.len();
        if left == 0 {
            break;
        }
    }
    detector.feed(b"", true);
    let region = choices.region().to_ascii_lowercase();
    let country = match (region.as_str(), choices.language()) {
        ("gb", _) => "uk",
        (region, _) if region.len() == 2 && region.is_ascii() => region,
        (_, language)
            if language.len() == 2 && !language.bytes().any(|b| !b.is_ascii_lowercase()) && language != "en" =>
        {
            language
        }
        // Two kinds of accented letter are too few to tell a language by, and Western files are the most frequent.
        _ if few_letters(bytes) => "fr",
        _ => "com",
    };
    let guess = detector.guess(Some(country.as_bytes()), Utf8Detection::Deny);
    (guess, "its letters make sense in it, and the file is not valid UTF-8")
}

fn few_letters(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &byte in bytes.iter().filter(|byte| !byte.is_ascii()) {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count() <= 2
}

/// Decodes line by line, line ends included.
fn by_line<'a>(
    bytes: &'a [u8],
    odd_lines: &mut Vec<(u32, &'static str)>,
    decode: impl Fn(&'a [u8]) -> (Cow<'a, str>, Option<&'static str>),
) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for (line, number) in bytes.split_inclusive(|&b| b == b'\n').zip(1..) {
        let (line, odd) = decode(line);
        text.push_str(&line);
        odd_lines.extend(odd.map(|what| (number, what)));
    }
    text
}
