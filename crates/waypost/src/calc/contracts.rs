//! By which day notice of contracts must be given.

use std::path::{Path, PathBuf};

use ::calc::{
    Finding,
    notice::{Contract, Fault, Notice, Standing},
};
use clap::Subcommand;
use jiff::civil::Date;
use serde::Serialize;

use super::{With, json, table::Table};

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// By which day notice of a contract must be given, when it then ends, and until when it runs otherwise.
    #[command(after_help = "\
The file begins with the line contract,start,end,term_months,auto_renew,notice,today. Days are written as 2026-12-31; end,
term_months and notice may be empty. Notice is a number and days, business days, weeks, months or years, and if need be
to month end, to quarter end or to year end. Business days are Monday to Friday, without the days of --holidays: a file
that begins with the line day,name or day.

Examples:
  waypost calc notice contracts.csv
  printf 'contract,start,end,term_months,auto_renew,notice,today
hosting,2024-01-01,,12,yes,3 months,2026-05-20\\n' | waypost calc notice -")]
    Notice {
        /// The contracts; `-` reads standard input.
        file: PathBuf,
        /// Public holidays, which are no business days.
        #[arg(long, value_name = "FILE")]
        holidays: Option<PathBuf>,
    },
}

pub(super) fn answer(command: &Command, table: &dyn Fn(&Path) -> Result<Table, String>) -> Result<String, String> {
    match command {
        Command::Notice { file, holidays: Some(days) } if file == days && file.as_os_str() == "-" => {
            Err("Only one of the two files can be standard input.".into())
        }
        Command::Notice { file, holidays: days } => {
            let holidays = days.as_deref().map_or(Ok(Vec::new()), |it| holidays(&table(it)?))?;
            json(&notice(&table(file)?, &holidays)?)
        }
    }
}

#[derive(Serialize)]
struct Contracts<'a> {
    contracts: Vec<Ending<'a>>,
}

#[derive(Serialize)]
struct Ending<'a> {
    contract: &'a str,
    ends_on: Option<Date>,
    last_notice_day: Option<Date>,
    renews_until: Option<Date>,
    earliest_end: Option<Date>,
    standing: Standing,
}

fn holidays(table: &Table) -> Result<Vec<Date>, String> {
    table.columns_and_others(["day"])?.1.into_iter().map(|([day], _)| day.day()).collect()
}

fn notice<'a>(table: &'a Table, holidays: &[Date]) -> Result<With<Contracts<'a>>, String> {
    let (mut contracts, mut findings) = (Vec::new(), Vec::new());
    let names = ["contract", "start", "end", "term_months", "auto_renew", "notice", "today"];
    for [contract, start, end, term_months, auto_renew, notice, today] in table.columns(names)? {
        let name = contract.text()?;
        let term = match term_months.text_or_missing() {
            Some(text) => match text.parse().ok().filter(|it| (1..=1200).contains(it)) {
                Some(months) => Some(months),
                None => return Err(term_months.problem("is not a whole number of months from 1 to 1200")),
            },
            None => None,
        };
        let period = match notice.text_or_missing() {
            Some(text) => Some(text.parse::<Notice>().map_err(|why| notice.problem(&why.to_string()))?),
            None => None,
        };
        let it = Contract {
            start: start.day()?,
            end: end.day_or_missing()?,
            term_months: term,
            auto_renew: auto_renew.yes_or_no()?,
            notice: period,
        };
        let outlook = it.outlook(today.day()?, holidays).map_err(|fault| match fault {
            Fault::EndsBeforeStart { .. } => end.fault(&fault.to_string()),
            Fault::NoTerm => term_months.fault(&fault.to_string()),
            Fault::TooFar => start.fault(&fault.to_string()),
        })?;
        let line = format!("line {}", contract.line());
        findings.extend(outlook.findings.into_iter().map(|it| Finding { place: line.clone(), ..it }));
        contracts.push(Ending {
            contract: name,
            ends_on: outlook.ends_on,
            last_notice_day: outlook.last_notice_day,
            renews_until: outlook.renews_until,
            earliest_end: outlook.earliest_end,
            standing: outlook.standing,
        });
    }
    Ok(With { answer: Contracts { contracts }, findings })
}
