//! Documents that people edit further: written once as plain blocks, read on a page and taken away as a DOCX.
//!
//! What is here is what a letter or a short report needs. Only styles that a reader's own template can restyle are
//! used: Title, Heading 2, Normal, List Bullet, Table Grid.

use std::io::Cursor;

use askama::Template;
use docx_rs::{
    AbstractNumbering, BreakType, Docx, IndentLevel, Level, LevelJc, LevelText, LineSpacing, NumberFormat, Numbering,
    NumberingId, PageMargin, Paragraph, Run, RunFonts, SpecialIndentType, Start, Style, StyleType, Table, TableCell,
    TableRow, WidthType,
};

use crate::{
    error::{Error, Result},
    format::Locale,
};

/// The media type of a DOCX.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A document as its parts, top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Short lines below each other, such as an address or a signature.
    Lines(Vec<String>),
    /// The document's title, where it stands in the text.
    Title,
    Heading(String),
    /// Sentences; an empty line begins a new paragraph.
    Text(String),
    List(Vec<String>),
    /// A table with its headings; each row has a cell for each.
    Table(Vec<String>, Vec<Vec<String>>),
}

#[derive(Template)]
#[template(path = "document/page.html")]
struct Page<'a> {
    document: &'a Document,
}

/// In twentieths of a point, as Word counts.
const A4: (u32, u32) = (11_906, 16_838);
const LETTER: (u32, u32) = (12_240, 15_840);
const MARGIN: i32 = 1_418;
/// The only numbering: a bullet.
const BULLETS: usize = 2;

impl Document {
    /// As a page shows it; the title is a heading of the second level there.
    pub fn html(&self) -> Result<String> {
        Ok(Page { document: self }.render()?)
    }

    /// As a file for a word processor, on the paper of the locale.
    pub fn docx(&self, locale: Locale) -> Result<Vec<u8>> {
        let (wide, high) = if locale.name == "en-US" { LETTER } else { A4 };
        let text_wide = wide as usize - 2 * MARGIN as usize;
        let margins =
            PageMargin::new().top(MARGIN).bottom(MARGIN).left(MARGIN).right(MARGIN).header(709).footer(709).gutter(0);
        let font = RunFonts::new().ascii("Calibri").hi_ansi("Calibri").cs("Calibri").east_asia("Calibri");
        let spaced = |before: u32, after: u32| LineSpacing::new().before(before).after(after);
        let bullet =
            Level::new(0, Start::new(1), NumberFormat::new("bullet"), LevelText::new("•"), LevelJc::new("left"))
                .indent(Some(360), Some(SpecialIndentType::Hanging(360)), None, None);
        let mut docx = Docx::new()
            .page_size(wide, high)
            .page_margin(margins)
            .default_fonts(font)
            .default_size(22)
            .add_style(
                Style::new("Title", StyleType::Paragraph).name("Title").size(30).bold().line_spacing(spaced(240, 160)),
            )
            .add_style(
                Style::new("Heading2", StyleType::Paragraph)
                    .name("heading 2")
                    .size(24)
                    .bold()
                    .outline_lvl(1)
                    .line_spacing(spaced(240, 80)),
            )
            .add_style(Style::new("ListBullet", StyleType::Paragraph).name("List Bullet").line_spacing(spaced(0, 60)))
            .add_abstract_numbering(AbstractNumbering::new(BULLETS).add_level(bullet))
            .add_numbering(Numbering::new(BULLETS, BULLETS));
        let plain = || Paragraph::new().line_spacing(spaced(0, 140));
        for block in &self.blocks {
            docx = match block {
                Block::Title => {
                    docx.add_paragraph(Paragraph::new().style("Title").keep_next(true).add_run(run(&self.title)))
                }
                Block::Heading(it) => {
                    docx.add_paragraph(Paragraph::new().style("Heading2").keep_next(true).add_run(run(it)))
                }
                Block::Lines(lines) => docx.add_paragraph(plain().add_run(broken(lines))),
                Block::Text(text) => paragraphs(text).fold(docx, |docx, it| {
                    docx.add_paragraph(plain().add_run(broken(&it.lines().collect::<Vec<_>>())))
                }),
                Block::List(items) => items.iter().fold(docx, |docx, it| {
                    let numbered = NumberingId::new(BULLETS);
                    docx.add_paragraph(
                        Paragraph::new().style("ListBullet").numbering(numbered, IndentLevel::new(0)).add_run(run(it)),
                    )
                }),
                Block::Table(head, rows) => docx.add_table(table(head, rows, text_wide)).add_paragraph(plain()),
            };
        }
        let mut file = Cursor::new(Vec::new());
        docx.build().pack(&mut file).map_err(Error::internal)?;
        Ok(file.into_inner())
    }
}

/// The paragraphs of a text that has empty lines between them.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|it| !it.is_empty())
}

/// Text as XML can hold it: what is no character there is left out.
fn clean(text: &str) -> String {
    let allowed = |it: &char| matches!(it, '\t' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}

fn run(text: &str) -> Run {
    Run::new().add_text(clean(text))
}

/// Several lines in one paragraph.
fn broken<T: AsRef<str>>(lines: &[T]) -> Run {
    lines.iter().enumerate().fold(Run::new(), |run, (at, it)| {
        let run = if at > 0 { run.add_break(BreakType::TextWrapping) } else { run };
        run.add_text(clean(it.as_ref()))
    })
}

/// A table as wide as the text; a column gets room by its longest text, within limits.
fn table(head: &[String], rows: &[Vec<String>], wide: usize) -> Table {
    let longest = |at: usize| {
        rows.iter().chain([&head.to_vec()]).filter_map(|row| row.get(at)).map(|it| it.chars().count()).max()
    };
    let shares: Vec<usize> = (0..head.len()).map(|at| longest(at).unwrap_or(0).clamp(12, 28)).collect();
    let all: usize = shares.iter().sum::<usize>().max(1);
    let widths: Vec<usize> = shares.iter().map(|it| wide * it / all).collect();
    let line = |texts: &[String], is_head: bool| {
        let cells = texts.iter().zip(&widths).map(|(text, wide)| {
            let run = if is_head { run(text).bold() } else { run(text) };
            TableCell::new().width(*wide, WidthType::Dxa).add_paragraph(Paragraph::new().add_run(run))
        });
        TableRow::new(cells.collect())
    };
    let body = rows.iter().map(|it| line(it, false));
    let all = std::iter::once(line(head, true)).chain(body).collect();
    Table::new(all).set_grid(widths.clone()).width(wide, WidthType::Dxa)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    fn part(file: &[u8], name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP");
        let mut text = String::new();
        zip.by_name(name).expect("the part is there").read_to_string(&mut text).expect("UTF-8");
        text
    }

    /// The texts of the paragraphs of a DOCX, each with the name of its style.
    fn read(file: &[u8]) -> Vec<(String, String)> {
        let text = part(file, "word/document.xml");
        let xml = roxmltree::Document::parse(&text).expect("well-formed XML");
        let of = |it: roxmltree::Node| {
            let style =
                it.descendants().find(|it| it.has_tag_name((W, "pStyle"))).and_then(|it| it.attribute((W, "val")));
            let texts = it.descendants().filter(|it| it.has_tag_name((W, "t"))).filter_map(|it| it.text());
            (style.unwrap_or("").to_owned(), texts.collect::<Vec<_>>().join("|"))
        };
        xml.descendants().filter(|it| it.has_tag_name((W, "p"))).map(of).filter(|it| !it.1.is_empty()).collect()
    }

    const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    fn letter() -> Document {
        Document {
            title: "Three signatures".into(),
            blocks: vec![
                Block::Lines(vec!["Orla Kinsella".into(), "Finance Director".into()]),
                Block::Title,
                Block::Text("First, with 5 < 6 & more.\n\nSecond.".into()),
                Block::Heading("What it threatens".into()),
                Block::List(vec!["One".into(), "Two".into()]),
                Block::Table(vec!["Outcome".into(), "Due".into()], vec![vec!["Quick help".into(), "1 May".into()]]),
            ],
        }
    }

    #[test]
    fn every_block_stands_in_the_file_in_its_order_and_style() {
        let file = letter().docx(Locale::of("en-GB")).expect("a file");
        let said = read(&file);
        let said: Vec<(&str, &str)> = said.iter().map(|(style, text)| (&**style, &**text)).collect();
        assert_eq!(
            said,
            [
                ("", "Orla Kinsella|Finance Director"),
                ("Title", "Three signatures"),
                ("", "First, with 5 < 6 & more."),
                ("", "Second."),
                ("Heading2", "What it threatens"),
                ("ListBullet", "One"),
                ("ListBullet", "Two"),
                ("", "Outcome"),
                ("", "Due"),
                ("", "Quick help"),
                ("", "1 May"),
            ]
        );
    }

    #[test]
    fn the_styles_that_are_used_are_defined_and_the_paper_is_that_of_the_locale() {
        let file = letter().docx(Locale::of("en-US")).expect("a file");
        let styles = part(&file, "word/styles.xml");
        for (style, _) in read(&file).iter().filter(|(style, _)| !style.is_empty()) {
            assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style} is missing in {styles}");
        }
        assert!(part(&file, "word/document.xml").contains("w:w=\"12240\""));
    }

    #[test]
    fn a_page_shows_the_same_and_hostile_text_stays_text() {
        let mut document = letter();
        document.blocks.push(Block::Text("<script>alert(1)</script>".into()));
        let page = document.html().expect("a page");
        for expected in
            ["Orla Kinsella<br>Finance Director", "<h2>Three signatures</h2>", "<li>One</li>", "<td>1 May</td>"]
        {
            assert!(page.contains(expected), "{expected} is missing in {page}");
        }
        assert!(!page.contains("<script>"), "{page}");
    }

    proptest! {
        #[test]
        fn any_text_makes_a_file_that_opens(text in "(?s).{0,60}") {
            let blocks = vec![
                Block::Title, Block::Heading(text.clone()), Block::Text(text.clone()), Block::Lines(vec![text.clone()]),
                Block::List(vec![text.clone()]), Block::Table(vec![text.clone()], vec![vec![text.clone()]]),
            ];
            let file = Document { title: text.clone(), blocks }.docx(Locale::of("en-GB")).expect("a file");
            let expected = clean(&text);
            let titles: Vec<(String, String)> = read(&file).into_iter().filter(|(style, _)| style == "Title").collect();
            prop_assert_eq!(titles.first().map_or("", |it| &*it.1), &*expected);
        }
    }
}
