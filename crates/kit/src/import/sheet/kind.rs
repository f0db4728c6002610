//! What a file is by its content, whatever it is called.

use std::io::Cursor;

use super::{Code, Findings, Reason, Unreadable};

pub(super) enum Content {
    Workbook,
    Text,
}

const EXPORT: &str = "export it as CSV or XLSX and bring that file";

/// Tells workbook from text and refuses everything else by what it is.
pub(super) fn sniff(name: &str, bytes: &[u8], findings: &mut Findings) -> Result<Content, Unreadable> {
    let wrong = |what: &str, todo: &str| {
        Err(Unreadable { reason: Reason::WrongKind, message: format!("“{name}” is {what}, not a table: {todo}.") })
    };
    if bytes.is_empty() {
        let message = format!("“{name}” is empty (0 bytes): check that it was saved completely and bring it again.");
        return Err(Unreadable { reason: Reason::Empty, message });
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        zipped(name, bytes)?;
        if named(name, &["csv", "tsv", "txt"]) {
            mismatch(name, "an Excel workbook", findings);
        }
        return Ok(Content::Workbook);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let utf16 = |word: &str| -> Vec<u8> { word.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let holds = |word: &str| contains(bytes, &utf16(word));
        if holds("EncryptedPackage") {
            let message = format!(
                "“{name}” is a workbook protected by a password: open it, save it without the password and bring that file."
            );
            return Err(Unreadable { reason: Reason::Protected, message });
        }
        return match () {
            () if holds("Workbook") || holds("Book") => {
                wrong("a workbook of the old Excel format (.xls)", "open it and save it as .xlsx or .csv")
            }
            () if holds("WordDocument") => wrong("a Word document", EXPORT),
            () => wrong("a document of an old Office format", EXPORT),
        };
    }
    const MAGIC: [(&[u8], &str); 21] = [
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "an image (PNG)"),
        (b"\xff\xd8\xff", "an image (JPEG)"),
        (b"GIF8", "an image (GIF)"),
        (b"II*\0", "an image (TIFF)"),
        (b"MM\0*", "an image (TIFF)"),
        (b"RIFF", "an image or a recording"),
        (b"\x1f\x8b", "a compressed file (gzip)"),
        (b"7z\xbc\xaf", "a compressed archive (7z)"),
        (b"Rar!", "a compressed archive (RAR)"),
        (b"BZh", "a compressed file (bzip2)"),
        (b"\xfd7zXZ", "a compressed file (xz)"),
        (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)"),
        (b"PAR1", "a Parquet file"),
        (b"SQLite format 3", "an SQLite database"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\x09\x08\x10\0", "a workbook of a very old Excel format"),
        (b"\x09\x08\x08\0", "a workbook of a very old Excel format"),
        (b"{\\rtf", "a rich-text document"),
        (b"MIME-Version:", "a saved web page or a mail"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return wrong(what, EXPORT);
    }
    // Text formats may begin with a byte-order mark and be UTF-16; dropping zero bytes makes their ASCII readable.
    let head: Vec<u8> = bytes.iter().take(4096).copied().filter(|&b| b != 0).collect();
    let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&head);
    let head = head.strip_prefix(&[0xff, 0xfe]).or_else(|| head.strip_prefix(&[0xfe, 0xff])).unwrap_or(head);
    let head = head.trim_ascii_start().to_ascii_lowercase();
    if head.is_empty() && bytes.len() < 4096 {
        let message =
            format!("“{name}” holds nothing but blanks: check that it was saved completely and bring it again.");
        return Err(Unreadable { reason: Reason::Empty, message });
    }
    if [&b"<!doctype html"[..], b"<html", b"<table", b"<head", b"<body", b"<meta"]
        .iter()
        .any(|tag| head.starts_with(tag))
    {
        return wrong("a web page (HTML)", "open it in a spreadsheet program and save it as .xlsx or .csv");
    }
    if head.starts_with(b"<?xml") {
        return if contains(&head, b"<html") {
            wrong("a web page (HTML)", "open it in a spreadsheet program and save it as .xlsx or .csv")
        } else if contains(&head, b"urn:schemas-microsoft-com:office:spreadsheet") {
            wrong("an XML spreadsheet of Excel 2003", "open it and save it as .xlsx or .csv")
        } else {
            wrong("an XML file", EXPORT)
        };
    }
    if matches!(head.first(), Some(b'{' | b'[')) && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() {
        return wrong("a JSON file", EXPORT);
    }
    if named(name, &["xlsx", "xlsm", "xls", "ods"]) {
        mismatch(name, "plain text", findings);
    }
    Ok(Content::Text)
}

/// Refuses archives that are not workbooks and workbooks that are cut off.
fn zipped(name: &str, bytes: &[u8]) -> Result<(), Unreadable> {
    let archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) => return Err(damaged(name)),
    };
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
    let holds = |part: &str| names.iter().any(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part));
    let within = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    let (what, todo) = if holds("xl/workbook.xml") {
        return Ok(());
    } else if holds("xl/workbook.bin") {
        ("a binary Excel workbook (.xlsb)", "open it and save it as .xlsx or .csv".to_owned())
    } else if within("xl/") {
        let message =
            format!("“{name}” is a workbook without its list of sheets: open it, save it again and bring that file.");
        return Err(Unreadable { reason: Reason::Damaged, message });
    } else if within("word/") {
        ("a Word document", EXPORT.to_owned())
    } else if within("ppt/") {
        ("a PowerPoint presentation", EXPORT.to_owned())
    } else if within("Index/") {
        ("a document of Apple Numbers, Pages or Keynote", EXPORT.to_owned())
    } else if holds("content.xml") {
        ("an OpenDocument file", "open it and save it as .xlsx or .csv".to_owned())
    } else {
        let inside = match names.first() {
            Some(first) => format!("unpack it and bring the file inside, such as “{first}”"),
            None => "there is no file inside; bring the table itself".to_owned(),
        };
        ("a ZIP archive", inside)
    };
    Err(Unreadable {
        reason: Reason::WrongKind,
        message: format!("“{name}” is {what}, not a table that is read here: {todo}."),
    })
}

/// Refuses a workbook of which parts are missing or spoilt, whatever the reader inside calls that.
pub(super) fn damaged(name: &str) -> Unreadable {
    let message = format!(
        "“{name}” is no whole workbook: it begins like one, and then breaks off or is damaged. Download it again, or open \
         it in a spreadsheet program and save it as .xlsx or .csv, and bring that file."
    );
    Unreadable { reason: Reason::Damaged, message }
}

fn mismatch(name: &str, what: &str, findings: &mut Findings) {
    findings.add(Code::NameMismatch, None, None, || {
        format!("“{name}” is {what}, although its name says otherwise; it was read as what it is.")
    });
}

fn named(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| endings.iter().any(|ending| end.eq_ignore_ascii_case(ending)))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
