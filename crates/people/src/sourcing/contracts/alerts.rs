//! Messages to the owners of contracts before the last day of notice, or before an end that comes by itself: at several
//! lead times, each once.

use std::collections::BTreeMap;

use jiff::civil::{self, Date};
use kit::{
    error::Result,
    format::{Currency, Locale},
    holidays,
    mail::{self, Letter},
    org::{self, OrgId, Organisation},
    people::{Person, PersonId},
    store as records,
    web::App,
};

use super::{
    super::rules::in_days,
    model::{Contract, Supplier, SupplierId},
    rules::{Deadline, lead_reached, outlook, to_decide},
    store,
};

/// Nobody is written to before this hour.
const MORNING: civil::Time = civil::time(8, 0, 0, 0);

/// Writes to whoever owns a contract of which a lead time is reached. Called again and again: the name of the occasion
/// holds the contract, the day and the lead time, so each message is queued once, and a day that moves begins anew.
pub async fn warn(app: &App) -> Result<()> {
    if app.mail.is_none() {
        return Ok(());
    }
    for id in store::organisations(&app.db).await? {
        // What goes wrong with one organisation keeps no warning from the others.
        if let Err(err) = warn_one(app, id).await {
            tracing::error!("the contracts of organisation {id} were not looked through: {err:?}");
        }
    }
    Ok(())
}

async fn warn_one(app: &App, id: OrgId) -> Result<()> {
    let org = &org::find(&app.db, id).await?;
    let here = app.now().to_zoned_datetime(org.zone());
    if here.time() < MORNING {
        return Ok(());
    }
    let today = here.date();
    let leads = store::leads(&app.db, org.id).await?;
    let holidays = holidays::days(&app.db, org.id).await?;
    let mut due = Vec::new();
    for it in records::all::<Contract>(&app.db, org.id).await? {
        let Some(deadline) = to_decide(&it, today, &holidays) else { continue };
        let day = deadline.day();
        let (Some(owner), Some(lead)) = (it.owner, lead_reached(&leads, day, today)) else { continue };
        let what = if matches!(deadline, Deadline::Notice(_)) { "notice" } else { "end" };
        let once = format!("{what}:{}:{day}:{lead}", it.id);
        if !mail::about(&app.db, org.id, it.id.0).await?.iter().any(|it| it.once == once) {
            due.push((it, owner, deadline, once));
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    let people: BTreeMap<PersonId, Person> =
        records::all::<Person>(&app.db, org.id).await?.into_iter().map(|it| (it.id, it)).collect();
    let suppliers: BTreeMap<SupplierId, Supplier> =
        records::all::<Supplier>(&app.db, org.id).await?.into_iter().map(|it| (it.id, it)).collect();
    let mut letters = Vec::new();
    for (contract, owner, deadline, once) in due {
        let Some(owner) = people.get(&owner).filter(|it| it.is_here(today)) else { continue };
        let Some(recipient) = owner.email.clone() else { continue };
        let supplier = suppliers.get(&contract.supplier).map_or("", |it| &it.name);
        let (subject, body) = words(org, &contract, supplier, owner, (deadline, today, &holidays), &app.address);
        letters.push(Letter { once, about: Some(contract.id.0), recipient, subject, body, from: app.now() });
    }
    if letters.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for it in &letters {
        mail::queue(&mut tx, org.id, it).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Subject and text of a message.
fn words(
    org: &Organisation,
    contract: &Contract,
    supplier: &str,
    owner: &Person,
    (deadline, today, holidays): (Deadline, Date, &[Date]),
    address: &str,
) -> (String, String) {
    let locale = Locale::of(&org.locale).in_english();
    let day = deadline.day();
    let when = in_days((day - today).get_days());
    let price = match (contract.yearly(), Currency::of(&org.currency)) {
        (Some(it), Some(currency)) if !it.is_zero() => {
            format!("\nIt costs {} a year at the present price.", locale.money(it.minor(), currency))
        }
        _ => String::new(),
    };
    let (name, on) = (&contract.name, locale.date(day));
    let (subject, fact, decide) = match deadline {
        Deadline::Notice(_) => {
            let otherwise = match outlook(contract, today, holidays).and_then(|it| it.renews_until) {
                Some(until) => format!("Without notice it goes on until {}.", locale.date(until)),
                None => "Without notice it goes on.".to_owned(),
            };
            (
                format!("Last day of notice {when}: {name}"),
                format!("the last day to give notice of “{name}” with {supplier} is {on}, {when}.\n{otherwise}"),
                "Decide whether to keep it, and note it there:",
            )
        }
        Deadline::End(_) => (
            format!("Contract ends {when}: {name}"),
            format!(
                "“{name}” with {supplier} ends on {on}, {when}.\nIt does not renew: nothing has to be done for that."
            ),
            "Decide what comes after it: extend it, replace it or let it end, and note it there:",
        ),
    };
    let body = format!(
        "Hello {},\n\n{fact}{price}\n\nYou own this contract. {decide}\n{address}/contracts/{}\n\n{}\n",
        owner.name, contract.id, org.name,
    );
    (subject, body)
}
