//! The budget of one financial year, loaded once.

use calc::fiscal::Year;
use db::uuid::Uuid;
use jiff::civil::Date;
use kit::{
    area::Cost,
    error::Result,
    format::order_of,
    store,
    thread::{self, Link},
    web::Scope,
};

use super::{
    COSTS,
    model::{BudgetLine, BudgetLineId},
    rules::{Paid, Stand, stand, without_source},
};

/// The lines of a year beside what their sources say by now.
pub struct Here {
    pub year: Year,
    /// Of every year, in the order in which they were made.
    all: Vec<BudgetLine>,
    /// What is written down elsewhere and costs something in this year; nothing of a year that is over, whose prices nobody
    /// knows any more.
    pub costs: Vec<Cost>,
    pub paid: Paid,
    pub today: Date,
}

impl Here {
    /// The budget of the year of a name; without a name the one that is being made.
    pub async fn load(scope: &Scope, name: Option<i16>) -> Result<Here> {
        let all = store::all(scope.db(), scope.id()).await?;
        Here::with(scope, name, all).await
    }

    /// The same for lines that were read within a write.
    pub async fn with(scope: &Scope, name: Option<i16>, all: Vec<BudgetLine>) -> Result<Here> {
        let calendar = scope.org.calendar();
        let year = calendar.named(name.unwrap_or_else(|| calendar.position(scope.today()).budget_for));
        let is_over = year.ends < scope.today();
        let mut costs = if is_over { Vec::new() } else { scope.app.registry.costs(scope, year).await? };
        costs.retain(|it| !it.once.is_zero() || !it.yearly.is_zero());
        costs.sort_by_cached_key(|it| (it.kind, order_of(&it.title)));
        let paid = paid(&thread::all(scope.db(), scope.id()).await?, &all, year.name);
        Ok(Here { year, all, costs, paid, today: scope.today() })
    }

    /// The lines of this year.
    pub fn lines(&self) -> Vec<&BudgetLine> {
        self.of_year(self.year.name)
    }

    pub fn of_year(&self, name: i16) -> Vec<&BudgetLine> {
        self.all.iter().filter(|it| it.year == i64::from(name)).collect()
    }

    /// The years that have lines, and this one, in order.
    pub fn years(&self) -> Vec<i16> {
        let mut years: Vec<i16> = self.all.iter().filter_map(|it| i16::try_from(it.year).ok()).collect();
        years.push(self.year.name);
        years.sort_unstable();
        years.dedup();
        years
    }

    /// Puts a line in that was made or changed for a record.
    pub fn put(&mut self, source: Uuid, line: BudgetLine) {
        self.paid.insert(source, line.id);
        match self.all.iter_mut().find(|it| it.id == line.id) {
            Some(it) => *it = line,
            None => self.all.push(line),
        }
    }

    /// Each cost of the year with how it stands to the lines.
    pub fn stands(&self) -> Vec<(&Cost, Stand<'_>)> {
        self.costs.iter().zip(stand(&self.costs, &self.lines(), &self.paid)).collect()
    }

    /// The lines whose record costs nothing in this year any more, as long as the year is not over.
    pub fn without_source(&self) -> Vec<&BudgetLine> {
        if self.year.ends < self.today {
            return Vec::new();
        }
        without_source(&self.costs, &self.lines(), &self.paid)
    }

    /// The costs that no line pays for as they are.
    pub fn to_take(&self) -> Vec<(&Cost, Stand<'_>)> {
        self.stands().into_iter().filter(|(_, it)| !matches!(it, Stand::In(_))).collect()
    }
}

/// Which line of a year pays for which record, as the thread says.
fn paid(links: &[Link], lines: &[BudgetLine], year: i16) -> Paid {
    let of_year = |id: Uuid| lines.iter().any(|it| it.id.0 == id && it.year == i64::from(year));
    let pays = |it: &&Link| it.relation == COSTS && it.to_kind == BudgetLine::KIND.key && of_year(it.to_id);
    links.iter().filter(pays).map(|it| (it.from_id, BudgetLineId(it.to_id))).collect()
}
