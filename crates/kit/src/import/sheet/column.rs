//! What type each column has, how its values are written, and what is doubtful about them.

use serde::{Deserialize, Serialize};

use super::parse::{self, Day, Marks};
use super::{Because, Choices, Code, DateOrder, DecimalMark, Findings, Native, RawRow, letters};

/// A column of a [`Sheet`](super::Sheet).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// The name, distinct among the columns; from a letter where the file gives none.
    pub name: String,
    /// The name as it stands in each header row, groups first; empty where the file gives none.
    pub parts: Vec<String>,
    /// The column's letters in a spreadsheet program.
    pub letters: String,
    pub kind: Kind,
    /// How to read its cells with [`parse`].
    pub style: Style,
    /// How its values are written, in words: `day.month.year`, `decimal comma`; empty for text.
    pub form: String,
    /// Cells with something in them.
    pub filled: usize,
    /// Cells without.
    pub empty: usize,
    /// Up to three different values, the first ones.
    pub examples: Vec<String>,
    /// All values in order of first appearance where there are at most twenty.
    pub distinct: Option<Vec<String>>,
}

/// The type of most of a column's cells: at least four in five of those that say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Empty,
    Text,
    Whole,
    Decimal,
    Date,
    DateTime,
    YesNo,
}

impl Kind {
    /// The type in words, for people.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Text => "text",
            Kind::Whole => "whole number",
            Kind::Decimal => "decimal number",
            Kind::Date => "date",
            Kind::DateTime => "date and time",
            Kind::YesNo => "yes or no",
        }
    }
}

/// How the cells of a column are to be read where their text leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Style {
    pub decimal: DecimalMark,
    pub dates: DateOrder,
    /// Whether bare numbers are days as Excel counts them.
    pub serial: bool,
}

impl Default for Style {
    /// What a cell means that a program wrote: decimal point, day first, no day numbers.
    fn default() -> Self {
        Style { decimal: DecimalMark::Point, dates: DateOrder::DayFirst, serial: false }
    }
}

pub(super) struct Detected {
    pub columns: Vec<Column>,
    pub decimal: Because<DecimalMark>,
    pub dates: Because<DateOrder>,
}

const DISTINCT: usize = 20;
const EXAMPLES: usize = 3;

pub(super) fn detect(
    kept: &[usize],
    names: Vec<(String, Vec<String>)>,
    body: &[RawRow],
    delimiter: Option<char>,
    choices: &Choices,
    findings: &mut Findings,
) -> Detected {
    let mut tallies: Vec<Tally> = names.iter().map(|(name, _)| Tally::new(names_date(name))).collect();
    for row in body {
        for (tally, &source) in tallies.iter_mut().zip(kept) {
            tally.add(row.number, row.cell(source), row.native(source));
        }
    }
    let decimal = common_decimal(&tallies, delimiter, choices);
    let dates = common_order(&tallies, choices);
    let mut columns = Vec::with_capacity(kept.len());
    for (at, ((name, parts), (&source, tally))) in names.into_iter().zip(kept.iter().zip(tallies)).enumerate() {
        let style = Style {
            decimal: tally.decimal(choices).unwrap_or(decimal.value),
            dates: tally.order(choices).unwrap_or(dates.value),
            serial: tally.serial(),
        };
        let kind = tally.kind(&style);
        let column = Column {
            form: tally.form(kind, &style),
            letters: letters(source),
            kind,
            style,
            filled: tally.filled,
            empty: body.len() - tally.filled,
            examples: tally.examples.iter().map(|value| value.chars().take(200).collect()).collect(),
            distinct: tally.distinct.as_ref().map(|values| values.iter().map(|value| (*value).to_owned()).collect()),
            name,
            parts,
        };
        doubts(at, &column, &tally, (&decimal, &dates), choices, findings);
        refused(at, source, &column, body, findings);
        columns.push(column);
    }
    Detected { columns, decimal, dates }
}

/// Whether a column's name says that its numbers are days.
fn names_date(name: &str) -> bool {
    const WORDS: [&str; 12] =
        ["day", "tag", "start", "end", "begin", "beginn", "ende", "due", "fällig", "from", "until", "bis"];
    let name = name.to_lowercase();
    name.contains("date") || name.contains("datum") || WORDS.contains(&name.as_str())
}

/// What the cells of a column look like, counted.
struct Tally<'a> {
    named_date: bool,
    filled: usize,
    examples: Vec<&'a str>,
    distinct: Option<Vec<&'a str>>,
    missing: usize,
    missing_word: Option<&'a str>,
    yes_no: usize,

    numbers: usize,
    native_numbers: usize,
    text_number: Option<(u32, &'a str)>,
    /// Cells that show each decimal mark for certain, by [`DecimalMark`].
    marks: [usize; 2],
    /// Those of them that have a fraction.
    fractions: [usize; 2],
    /// Cells where each mark parts a fraction or a group.
    either: [usize; 2],
    either_first: Option<(u32, &'a str)>,
    grouped: bool,
    percent: bool,
    exponent: bool,
    shortened: Option<(u32, &'a str)>,
    leading_zero: Option<(u32, &'a str)>,
    serials: usize,

    dates: usize,
    compact: usize,
    timed: usize,
    named_months: usize,
    year_first: usize,
    short_years: Option<(u32, &'a str)>,
    separator: Option<char>,
    /// Cells that can be read in one order only, by [`DateOrder`].
    orders: [usize; 3],
    open_date: Option<(u32, &'a str)>,
}

impl<'a> Tally<'a> {
    fn new(named_date: bool) -> Self {
        Tally {
            named_date,
            filled: 0,
            examples: Vec::new(),
            distinct: Some(Vec::new()),
            missing: 0,
            missing_word: None,
            yes_no: 0,
            numbers: 0,
            native_numbers: 0,
            text_number: None,
            marks: [0; 2],
            fractions: [0; 2],
            either: [0; 2],
            either_first: None,
            grouped: false,
            percent: false,
            exponent: false,
            shortened: None,
            leading_zero: None,
            serials: 0,
            dates: 0,
            compact: 0,
            timed: 0,
            named_months: 0,
            year_first: 0,
            short_years: None,
            separator: None,
            orders: [0; 3],
            open_date: None,
        }
    }

    fn add(&mut self, row: u32, cell: &'a str, native: Native) {
        let cell = parse::trim(cell);
        if cell.is_empty() {
            return;
        }
        self.filled += 1;
        if self.examples.len() < EXAMPLES && !self.examples.contains(&cell) {
            self.examples.push(cell);
        }
        if let Some(values) = &mut self.distinct
            && !values.contains(&cell)
        {
            values.push(cell);
            if values.len() > DISTINCT {
                self.distinct = None;
            }
        }
        match native {
            Native::Text if parse::is_missing_word(cell) => {
                self.missing += 1;
                self.missing_word = self.missing_word.or(Some(cell));
            }
            Native::Error => self.missing += 1,
            Native::Bool => self.yes_no += 1,
            Native::Number => {
                self.native_numbers += 1;
                self.number(row, cell, true);
            }
            Native::Text | Native::Date => {
                if parse::yes_no(cell).is_some() {
                    self.yes_no += 1;
                } else if !self.number(row, cell, false) {
                    self.date(row, cell);
                }
            }
        }
    }

    fn number(&mut self, row: u32, cell: &'a str, native: bool) -> bool {
        let Some(scan) = parse::scan_number(cell) else { return false };
        let marks = parse::marks(scan.body);
        match marks {
            Marks::Broken => return false,
            Marks::Decimal(mark, grouped) => {
                self.marks[mark as usize] += 1;
                self.fractions[mark as usize] += 1;
                self.grouped |= grouped;
            }
            Marks::Grouped(mark) => {
                self.marks[mark.other() as usize] += 1;
                self.grouped = true;
            }
            // A workbook's own number has a decimal point.
            Marks::Either(_) if native => {
                self.marks[DecimalMark::Point as usize] += 1;
                self.fractions[DecimalMark::Point as usize] += 1;
            }
            Marks::Either(mark) => {
                self.either[mark as usize] += 1;
                self.either_first = self.either_first.or(Some((row, cell)));
            }
            Marks::Plain => {
                let digits = cell.bytes().all(|b| b.is_ascii_digit());
                if digits && cell.len() > 1 && cell.starts_with('0') && !native {
                    self.leading_zero = self.leading_zero.or(Some((row, cell)));
                }
                if parse::serial(cell).is_some() {
                    self.serials += 1;
                }
                if digits && cell.len() == 8 && parse::scan_date(cell).is_some() {
                    self.compact += 1;
                }
            }
        }
        if marks != Marks::Plain && parse::serial(cell).is_some() {
            self.serials += 1;
        }
        if let Some(exponent) = scan.exponent {
            self.exponent = true;
            let large = exponent.trim_start_matches('+').parse::<i32>().is_ok_and(|exponent| exponent >= 11);
            if large && !native {
                self.shortened = self.shortened.or(Some((row, cell)));
            }
        }
        if !native {
            self.text_number = self.text_number.or(Some((row, cell)));
        }
        self.percent |= scan.percent;
        self.numbers += 1;
        true
    }

    fn date(&mut self, row: u32, cell: &'a str) {
        let Some(scan) = parse::scan_date(cell) else { return };
        match scan.day {
            Day::Certain(_) => self.year_first += usize::from(!scan.named_month),
            Day::Compact(_) => self.compact += 1,
            Day::Numbers { a, b, c, short_year, separator } => {
                let day = |order| parse::in_order(a, b, c, short_year, order);
                let (day_first, month_first) = (day(DateOrder::DayFirst), day(DateOrder::MonthFirst));
                match (day_first, month_first) {
                    (None, None) if day(DateOrder::YearFirst).is_some() => {
                        self.orders[DateOrder::YearFirst as usize] += 1;
                    }
                    (None, None) => return,
                    (Some(_), None) => self.orders[DateOrder::DayFirst as usize] += 1,
                    (None, Some(_)) => self.orders[DateOrder::MonthFirst as usize] += 1,
                    // Points stand between day and month wherever the day comes first.
                    _ if separator == '.' => self.orders[DateOrder::DayFirst as usize] += 1,
                    (first, second) if first != second => {
                        self.open_date = self.open_date.or(Some((row, cell)));
                    }
                    _ => {}
                }
                self.separator = self.separator.or(Some(separator));
            }
        }
        self.dates += 1;
        self.named_months += usize::from(scan.named_month);
        self.timed += usize::from(scan.time.is_some_and(|time| time != jiff::civil::Time::midnight()));
        if scan.short_year {
            self.short_years = self.short_years.or(Some((row, cell)));
        }
    }

    fn said(&self) -> usize {
        self.filled - self.missing
    }

    /// Whether so many cells give the column its type.
    fn most(&self, count: usize) -> bool {
        count > 0 && count * 5 >= self.said() * 4
    }

    fn serial(&self) -> bool {
        self.named_date && self.serials > 0 && self.most(self.serials + self.dates)
    }

    fn kind(&self, style: &Style) -> Kind {
        let fractions = self.fractions[style.decimal as usize] + self.either[style.decimal as usize];
        if self.said() == 0 {
            if self.filled == 0 { Kind::Empty } else { Kind::Text }
        } else if self.most(self.yes_no) {
            Kind::YesNo
        } else if style.serial || self.named_date && self.most(self.compact) || self.most(self.dates) {
            if self.timed > 0 { Kind::DateTime } else { Kind::Date }
        } else if self.most(self.numbers) {
            if self.leading_zero.is_some() && fractions == 0 {
                Kind::Text
            } else if fractions > 0 || self.percent || self.exponent {
                Kind::Decimal
            } else {
                Kind::Whole
            }
        } else {
            Kind::Text
        }
    }

    /// The decimal mark that the column itself shows or a person chose.
    fn decimal(&self, choices: &Choices) -> Option<DecimalMark> {
        let [point, comma] = self.marks;
        if self.native_numbers > 0 {
            Some(DecimalMark::Point)
        } else if choices.decimal.is_some() {
            choices.decimal
        } else if point + comma == 0 {
            None
        } else {
            Some(if point >= comma { DecimalMark::Point } else { DecimalMark::Comma })
        }
    }

    fn order(&self, choices: &Choices) -> Option<DateOrder> {
        if choices.dates.is_some() {
            return choices.dates;
        }
        most_orders(self.orders)
    }

    fn form(&self, kind: Kind, style: &Style) -> String {
        let mut words = Vec::new();
        match kind {
            Kind::Whole | Kind::Decimal => {
                if kind == Kind::Decimal {
                    words.push(format!("decimal {}", style.decimal.word()));
                }
                if self.grouped || self.either[style.decimal.other() as usize] > 0 {
                    words.push("digits in groups".to_owned());
                }
                if self.percent {
                    words.push("percent".to_owned());
                }
            }
            Kind::Date | Kind::DateTime => {
                if let Some(separator) = self.separator {
                    words.push(style.dates.words().replace(", ", &separator.to_string()));
                }
                if self.year_first > 0 {
                    words.push("year-month-day".into());
                }
                if self.named_months > 0 {
                    words.push("months by name".into());
                }
                if self.short_years.is_some() {
                    words.push("years of two digits".into());
                }
                if style.serial {
                    words.push("day numbers of a spreadsheet".into());
                } else if self.compact > 0 {
                    words.push("yearmonthday".into());
                }
            }
            Kind::Empty | Kind::Text | Kind::YesNo => {}
        }
        words.join(", ")
    }
}

fn most_orders(orders: [usize; 3]) -> Option<DateOrder> {
    let all = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];
    // Of equals the first, so that a tie is settled as day first.
    all.into_iter().rev().max_by_key(|order| orders[*order as usize]).filter(|order| orders[*order as usize] > 0)
}

fn common_decimal(tallies: &[Tally], delimiter: Option<char>, choices: &Choices) -> Because<DecimalMark> {
    use DecimalMark::{Comma, Point};
    let texts = || tallies.iter().filter(|tally| tally.native_numbers == 0 && tally.most(tally.numbers));
    let point: usize = texts().map(|tally| tally.marks[0]).sum();
    let comma: usize = texts().map(|tally| tally.marks[1]).sum();
    let locale = choices.locale.as_deref().unwrap_or_default();
    let points = matches!(choices.language(), "en" | "zh" | "ja" | "ko" | "he" | "th")
        || matches!(choices.region(), "CH" | "LI" | "MX");
    if let Some(mark) = choices.decimal {
        Because::told(mark)
    } else if point + comma > 0 {
        Because::new(if point >= comma { Point } else { Comma }, "numbers in this file show it")
    } else if delimiter == Some(',') {
        Because::new(Point, "commas part the cells")
    } else if !locale.is_empty() {
        Because::new(if points { Point } else { Comma }, format!("the organisation's locale is {locale}"))
    } else if delimiter == Some(';') {
        Because::new(Comma, "semicolons part the cells, as where the comma is a decimal mark")
    } else {
        Because::new(Point, "nothing in the file says otherwise")
    }
}

fn common_order(tallies: &[Tally], choices: &Choices) -> Because<DateOrder> {
    let mut orders = [0; 3];
    for tally in tallies.iter().filter(|tally| tally.most(tally.dates)) {
        for (sum, count) in orders.iter_mut().zip(tally.orders) {
            *sum += count;
        }
    }
    let month_first = choices.region() == "US" || choices.language() == "en" && choices.region().is_empty();
    if let Some(order) = choices.dates {
        Because::told(order)
    } else if let Some(order) = most_orders(orders) {
        Because::new(order, "dates in this file can be read in no other way")
    } else if let Some(locale) = choices.locale.as_deref().filter(|locale| !locale.is_empty()) {
        let order = if month_first { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        Because::new(order, format!("the organisation's locale is {locale}"))
    } else {
        Because::new(DateOrder::DayFirst, "nothing in the file says otherwise")
    }
}

/// Says what about a column's values had to be decided.
fn doubts(
    at: usize,
    column: &Column,
    tally: &Tally,
    (decimal, dates): (&Because<DecimalMark>, &Because<DateOrder>),
    choices: &Choices,
    findings: &mut Findings,
) {
    let name = &column.name;
    let is_number = matches!(column.kind, Kind::Whole | Kind::Decimal);
    let is_date = matches!(column.kind, Kind::Date | Kind::DateTime);
    let mut say = |code, row: Option<u32>, message: String| findings.add(code, row, Some(at), || message);
    if let Some((row, cell)) = tally.leading_zero
        && column.kind == Kind::Text
        && tally.most(tally.numbers)
    {
        say(
            Code::LeadingZeros,
            Some(row),
            format!(
                "“{name}” has digits that begin with zero (“{cell}” in row {row}); they are kept as text, zeros included."
            ),
        );
    }
    if let (Some(word), true) = (tally.missing_word, column.kind != Kind::Text) {
        let count = tally.missing;
        say(Code::MissingWord, None, format!("“{name}” has {count} cells such as “{word}” that are taken as empty."));
    }
    if is_number {
        if let (Some((row, cell)), None) = (tally.either_first, tally.decimal(choices)) {
            let (mark, why) = (decimal.value.word(), &decimal.why);
            say(
                Code::AmbiguousNumber,
                Some(row),
                format!(
                    "“{cell}” in row {row} of “{name}” can be a thousand or a fraction; numbers of this column are read with \
                     a decimal {mark}, because {why}."
                ),
            );
        }
        if tally.marks[0] > 0 && tally.marks[1] > 0 && tally.native_numbers == 0 {
            let (points, commas, mark) = (tally.marks[0], tally.marks[1], column.style.decimal.word());
            say(
                Code::MixedNumbers,
                None,
                format!(
                    "“{name}” has {points} numbers with a decimal point and {commas} with a decimal comma; the {mark} is taken."
                ),
            );
        }
        if let (Some((row, cell)), true) = (tally.text_number, tally.native_numbers > 0) {
            say(
                Code::NumberAsText,
                Some(row),
                format!(
                    "“{name}” has numbers that the workbook keeps as text, such as “{cell}” in row {row}; check them."
                ),
            );
        }
        if let Some((row, cell)) = tally.shortened {
            say(
                Code::ShortenedNumber,
                Some(row),
                format!(
                    "“{cell}” in row {row} of “{name}” was shortened by a spreadsheet program; its last digits are lost."
                ),
            );
        }
    }
    if is_date {
        let [day_first, month_first, _] = tally.orders;
        if let (Some((row, cell)), None) = (tally.open_date, tally.order(choices)) {
            let (order, why) = (dates.value.words(), &dates.why);
            say(
                Code::AmbiguousDate,
                Some(row),
                format!("“{cell}” in row {row} of “{name}” can be two days; it is read as {order}, because {why}."),
            );
        }
        if day_first > 0 && month_first > 0 {
            let order = column.style.dates.words();
            say(
                Code::MixedDates,
                None,
                format!(
                    "“{name}” has {day_first} dates that are day first and {month_first} that are month first; they are read \
                     as {order}, and those that do not fit are refused."
                ),
            );
        }
        if let Some((row, cell)) = tally.short_years {
            say(
                Code::TwoDigitYears,
                Some(row),
                format!("“{name}” has years of two digits (“{cell}” in row {row}); they are read as 1970 to 2069."),
            );
        }
    }
}

/// Names the cells that [`parse`] will refuse.
fn refused(at: usize, source: usize, column: &Column, body: &[RawRow], findings: &mut Findings) {
    let style = &column.style;
    let refuses = |cell: &str| match column.kind {
        Kind::Empty | Kind::Text => false,
        Kind::Whole | Kind::Decimal => parse::decimal(cell, style).is_err(),
        Kind::Date | Kind::DateTime => parse::date(cell, style).is_err(),
        Kind::YesNo => parse::boolean(cell).is_err(),
    };
    let (mut count, mut places, mut first) = (0, Vec::new(), None);
    for row in body.iter().filter(|row| refuses(row.cell(source))) {
        count += 1;
        first = first.or(Some(row.number));
        if places.len() < 3 {
            let cell: String = parse::trim(row.cell(source)).chars().take(40).collect();
            places.push(format!("“{cell}” in row {}", row.number));
        }
    }
    if count > 0 {
        findings.add(Code::OddCell, first, Some(at), || {
            let cells = if count == 1 { "1 cell does not fit".to_owned() } else { format!("{count} cells do not fit") };
            format!("“{}” reads as {}, but {cells}: {}.", column.name, column.kind.words(), places.join(", "))
        });
    }
}
