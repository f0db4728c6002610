//! The commands that work on the data without serving it.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use kit::{
    account::{self, AccountId, PASSWORD_LENGTH},
    audit::{self, Author},
    door,
    format::Writing,
    import::{self, Fate, Source},
    org::{self, OrgId, Organisation},
    record::{self, Field},
    rights::Role,
    table,
    web::{App, Scope},
};

use crate::serve::Failure;

/// What `waypost user` does.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Lists the accounts with their organisations and roles.
    List,
    /// Makes an account, or adds one that is there to another organisation. The password is read from standard input.
    #[command(
        after_help = "Example:\n  echo 'a long password' | waypost user add ada@example.org 'Ada Byron' --role viewer"
    )]
    Add {
        email: String,
        name: String,
        /// owner, it_leader, finance, business_leader, contributor, viewer or consultant.
        #[arg(long, default_value = "viewer")]
        role: String,
        /// The organisation, where there are several.
        #[arg(long)]
        org: Option<String>,
    },
    /// Gives a member another role.
    #[command(after_help = "Example:\n  waypost user role ada@example.org it_leader")]
    Role {
        email: String,
        /// owner, it_leader, finance, business_leader, contributor, viewer or consultant.
        role: String,
        /// The organisation, where there are several.
        #[arg(long)]
        org: Option<String>,
    },
    /// Sets a new password, read from standard input, and ends the account's sessions.
    #[command(after_help = "Example:\n  echo 'a new long password' | waypost user password ada@example.org")]
    Password { email: String },
}

/// How `waypost import` brings a file in.
#[derive(Debug, clap::Args)]
pub struct Bringing {
    /// What the rows become: a table such as person, or answers.
    #[arg(long, value_name = "TABLE")]
    into: String,
    /// Where they go, by title, if the table needs a place; such as the survey of answers.
    #[arg(long, value_name = "TITLE")]
    place: Option<String>,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Fill a field from a column whose name does not say so; may be given several times.
    #[arg(long = "column", value_name = "FIELD=COLUMN", value_parser = assignment)]
    columns: Vec<(String, String)>,
    /// The same value in a field of every row; may be given several times.
    #[arg(long = "value", value_name = "FIELD=VALUE", value_parser = assignment)]
    values: Vec<(String, String)>,
    /// Say what a word of the file means in a field with choices; may be given several times.
    #[arg(long = "meaning", value_name = "FIELD:WORD=CHOICE", value_parser = meaning)]
    meanings: Vec<(String, String, String)>,
    /// Take rows without those of their cells that cannot be read and are not needed.
    #[arg(long)]
    lenient: bool,
    /// Make units and other records that rows name, that are not here, and that need no more than a name.
    #[arg(long)]
    make_missing: bool,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
}

fn meaning(text: &str) -> Result<(String, String, String), String> {
    let read = text.split_once(':').and_then(|(field, rest)| Some((field, rest.rsplit_once('=')?)));
    let (field, (word, choice)) = read.ok_or("write it as FIELD:WORD=CHOICE, such as side:Lieferant=Provider")?;
    Ok((field.trim().to_owned(), word.trim().to_owned(), choice.trim().to_owned()))
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as FIELD=…")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// The one organisation of the installation, or the one that was named.
pub async fn organisation(app: &App, named: Option<&str>) -> Result<Organisation, Failure> {
    let mut all = org::every(&app.db).await?;
    match named {
        Some(name) => {
            let at = all.iter().position(|it| it.name.eq_ignore_ascii_case(name));
            let names: Vec<&str> = all.iter().map(|it| &*it.name).collect();
            let at =
                at.ok_or_else(|| format!("There is no organisation “{name}”. There are: {}.", names.join(", ")))?;
            Ok(all.swap_remove(at))
        }
        None if all.len() == 1 => Ok(all.swap_remove(0)),
        None if all.is_empty() => {
            Err("There is no organisation yet: run `waypost serve` and open the first-run page.".into())
        }
        None => Err("There are several organisations: name one with --org.".into()),
    }
}

fn password() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    if password.chars().count() < PASSWORD_LENGTH {
        return Err(format!("A password has {PASSWORD_LENGTH} characters at least.").into());
    }
    Ok(password)
}

fn role_of(key: &str) -> Result<Role, Failure> {
    let roles = || Role::ALL.iter().map(|it| it.key()).collect::<Vec<_>>().join(", ");
    Ok(Role::from_key(key).ok_or_else(|| format!("There is no role “{key}”. The roles are: {}.", roles()))?)
}

/// An e-mail address as an account keeps it.
fn address(text: &str) -> Result<String, Failure> {
    Ok(record::read(&Field::email("E-mail").required(), text, Writing::default())?.text().to_owned())
}

/// On whose behalf the trail of an organisation says that something was done here.
fn author(app: &App, org: OrgId) -> Author {
    Author { org, account: None, name: "on the command line".to_owned(), at: app.now(), batch: None }
}

/// Runs `waypost user`.
pub async fn user(app: &App, command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::List => {
            for account in account::every(&app.db).await? {
                let places = account::memberships(&app.db, account.id).await?;
                let places: Vec<String> =
                    places.iter().map(|it| format!("{} in {}", it.role().label(), it.org_name)).collect();
                let state = if account.disabled_at.is_some() { " (disabled)" } else { "" };
                println!("{}\t{}\t{}{state}", account.email, account.name, places.join("; "));
            }
        }
        UserCommand::Add { email, name, role, org } => {
            let role = role_of(&role)?;
            let email = address(&email)?;
            let org = organisation(app, org.as_deref()).await?;
            let known = account::by_email(&app.db, &email).await?;
            if let Some(account) = &known
                && let Some(is) = account::memberships(&app.db, account.id).await?.iter().find(|it| it.org == org.id)
            {
                return Err(format!(
                    "{email} is {} in {} already, and nothing was changed. Another role is given by `waypost user role \
                     {email} {}`.",
                    is.role().label(),
                    org.name,
                    role.key()
                )
                .into());
            }
            let hash = match known {
                Some(_) => None,
                None => Some(account::hash_password(password()?).await?),
            };
            let (id, name) = known.map_or_else(|| (AccountId::fresh(), name), |it| (it.id, it.name));
            let mut tx = app.db.begin().await?;
            if let Some(hash) = hash {
                account::insert(&mut tx, id, &email, &name, &hash, app.now()).await?;
            }
            account::join(&mut tx, id, org.id, role).await?;
            let changes = [("Role".to_owned(), [serde_json::Value::Null, role.label().into()])].into();
            let title = format!("{name} ({email})");
            audit::add(&mut tx, &author(app, org.id), "joined", "membership", id.0, &title, &changes, 1).await?;
            tx.commit().await?;
            println!("{email} is {} in {}.", role.label(), org.name);
        }
        UserCommand::Role { email, role, org } => {
            let role = role_of(&role)?;
            let org = organisation(app, org.as_deref()).await?;
            let mut tx = app.db.begin().await?;
            let members = door::members_held(&mut tx, org.id).await?;
            let found = members.iter().find(|it| it.email.eq_ignore_ascii_case(email.trim()));
            let member = found.ok_or_else(|| format!("{email} is no member of {}.", org.name))?;
            let (is, owners) = (member.role(), members.iter().filter(|it| it.role() == Role::Owner).count());
            door::may_become(owners, is, Some(role))?;
            if is != role {
                account::join(&mut tx, member.account, org.id, role).await?;
                let changes = [("Role".to_owned(), [is.label().into(), role.label().into()])].into();
                let title = format!("{} ({})", member.name, member.email);
                let (author, id) = (author(app, org.id), member.account.0);
                audit::add(&mut tx, &author, "changed", "membership", id, &title, &changes, 1).await?;
            }
            tx.commit().await?;
            println!("{} is {} in {}.", member.email, role.label(), org.name);
        }
        UserCommand::Password { email } => {
            let account =
                account::by_email(&app.db, &email).await?.ok_or_else(|| format!("Nobody has the address {email}."))?;
            let hash = account::hash_password(password()?).await?;
            let mut tx = app.db.begin().await?;
            account::set_password(&mut tx, account.id, &hash).await?;
            let title = format!("{} ({})", account.name, account.email);
            let changes = [("Password".to_owned(), [serde_json::Value::Null, "set anew".into()])].into();
            for place in account::memberships(&app.db, account.id).await? {
                let author = author(app, place.org);
                audit::add(&mut tx, &author, "changed", "account", account.id.0, &title, &changes, 1).await?;
            }
            tx.commit().await?;
            println!("{email} has a new password; all sessions of the account were ended.");
        }
    }
    Ok(())
}

/// Brings a file in, or says what that would do; `false` when a row could not come in.
pub async fn import(app: &App, file: &Path, how: &Bringing) -> Result<bool, Failure> {
    let org = organisation(app, how.org.as_deref()).await?;
    let scope = Scope::of_program(app, org.id).await?;
    let all = import::targets(&app.registry);
    let target = all.iter().find(|it| it.key() == how.into).ok_or_else(|| {
        let keys: Vec<&str> = all.iter().map(|it| it.key()).collect();
        format!("Nothing is called “{}”. A file can become: {}.", how.into, keys.join(", "))
    })?;
    let places = target.places(&scope).await?;
    let titles = || places.iter().map(|it| format!("“{}”", it.1)).collect::<Vec<_>>().join(", ");
    let about = match &how.place {
        Some(title) => {
            let found = places.iter().find(|it| it.1.eq_ignore_ascii_case(title));
            Some(found.ok_or_else(|| format!("There is no place “{title}”. There are: {}.", titles()))?.0)
        }
        None if places.is_empty() => None,
        None => return Err(format!("Say where they go with --place: {}.", titles()).into()),
    };
    let bytes = std::fs::read(file).map_err(|err| format!("{} cannot be read: {err}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let batch = import::receive(&scope, &**target, about, &name, bytes, &import::Settings::default()).await?;
    let mut look = import::look(&scope, &**target, batch).await?;
    for (key, source) in how
        .columns
        .iter()
        .map(|(key, name)| (key, Source::Column(name.clone())))
        .chain(how.values.iter().map(|(key, value)| (key, Source::Fixed(value.clone()))))
    {
        look.assign(key, source)?;
    }
    for (field, word, choice) in &how.meanings {
        look.mean(field, word, choice)?;
    }
    look.reading.settings.lenient |= how.lenient;
    look.reading.settings.makes |= how.make_missing;
    import::settle(&scope, &look).await?;
    let plan = import::dry_run(&scope, &**target, &look).await?;
    for line in plan.lines.iter().filter(|it| it.fate != Fate::Unchanged || !it.warns.is_empty()) {
        let said: Vec<&str> = line.says.iter().chain(&line.warns).map(|it| &**it).collect();
        println!("{:>6}  {:<9}  {}  {}", line.row, line.fate.word(), line.title, said.join(" "));
    }
    for it in &plan.also {
        println!("{}", it.said());
    }
    let counts = plan.counts();
    let said: Vec<String> = Fate::ALL.iter().map(|it| format!("{} {}", it.word(), counts.of(*it))).collect();
    println!("{}", said.join(", "));
    if how.dry_run {
        println!("Nothing was changed. The import waits at /import/{} for whoever may import.", look.batch.id);
    } else {
        import::commit(&scope, &**target, &look, &plan.fingerprint()).await?;
    }
    Ok(counts.skip == 0)
}

/// Writes a table with every field to a file, or all of them to a folder.
pub async fn export(app: &App, org: Option<&str>, kind: Option<&str>, format: &str, to: &Path) -> Result<(), Failure> {
    let org = organisation(app, org).await?;
    let scope = Scope::of_program(app, org.id).await?;
    if !["csv", "xlsx", "json"].contains(&format) {
        return Err(format!("There is no format “{format}”: csv, xlsx or json.").into());
    }
    let of_kind = |it: &table::Table| -> Result<Vec<u8>, Failure> {
        Ok(match format {
            "csv" => table::csv(it),
            "json" => table::json(it).into_bytes(),
            _ => table::xlsx(std::slice::from_ref(it))?,
        })
    };
    match kind {
        Some(key) => {
            let kinds: Vec<&str> = app.registry.kinds().map(|it| it.key).collect();
            let kind = app
                .registry
                .kind(key)
                .ok_or_else(|| format!("There is no table “{key}”. There are: {}.", kinds.join(", ")))?;
            let bytes = of_kind(&kit::pages::table_of(&scope, kind).await?)?;
            std::fs::write(to, bytes).map_err(|err| unwritten(to, &err))?;
            println!("{} written to {}", kind.many, to.display());
        }
        None => {
            std::fs::create_dir_all(to).map_err(|err| unwritten(to, &err))?;
            for kind in app.registry.kinds() {
                let file: PathBuf = to.join(format!("{}.{format}", kind.key));
                let bytes = of_kind(&kit::pages::table_of(&scope, kind).await?)?;
                std::fs::write(&file, bytes).map_err(|err| unwritten(&file, &err))?;
                println!("{} written to {}", kind.many, file.display());
            }
        }
    }
    Ok(())
}

/// Why a file or folder could not be written, and what to do about it, in one sentence.
fn unwritten(at: &Path, err: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let at = at.display();
    match err.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            format!("{at} is a file, and all tables go into a folder: name a folder, or one table for a single file.")
        }
        ErrorKind::IsADirectory => format!("{at} is a folder, and one table goes into a file: name a file in it."),
        ErrorKind::NotFound => format!("{at} cannot be written, because its folder is not there: make it first."),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!("{at} may not be written by this user: name another place, or run this as a user who may.")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("The disk is full, and {at} is not whole: free some space and export again, or name another place.")
        }
        _ => format!("{at} cannot be written ({err}): name another place."),
    }
    .into()
}

/// Looks the configuration and the data over and says what is wrong; `false` when something is.
pub async fn check(app: &App) -> Result<bool, Failure> {
    let mut sound = true;
    let mut say = |ok: bool, what: String| {
        println!("{}  {what}", if ok { "ok  " } else { "FAULT" });
        sound &= ok;
    };
    let faults = match app.db.faults().await {
        Err(db::Error::Damaged) => vec!["it cannot be read".to_owned()],
        faults => faults?,
    };
    if let Some(first) = faults.first() {
        say(false, format!("the database: {first}"));
        println!("{}", db::Error::Damaged);
        return Ok(false);
    }
    say(true, "the database".to_owned());
    for shape in app.db.shapes().await? {
        say(true, format!("{}: {} rows", shape.name, shape.count(&app.db).await?));
    }
    let (mut files, mut changed) = (0, Vec::new());
    for entry in std::fs::read_dir(app.folder.join("files"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        files += 1;
        if kit::files::digest(&std::fs::read(&path)?) != name {
            changed.push(name.into_owned());
        }
    }
    say(
        changed.is_empty(),
        match changed.first() {
            None => format!("{files} files that people brought"),
            Some(name) => format!("files/{name} is not as it was brought; take it from the latest backup"),
        },
    );
    for org in org::every(&app.db).await? {
        let zone = jiff::tz::TimeZone::get(&org.time_zone).is_ok();
        say(zone, format!("{}: time zone {}", org.name, org.time_zone));
        let scope = Scope::of_program(app, org.id).await?;
        for kind in app.registry.kinds() {
            let rows = kit::store::rows(&app.db, org.id, kind).await?;
            let mut faults = kit::record::Faults::default();
            for row in rows.iter() {
                kind.check_days(row, scope.today(), &mut faults);
                kind.check(row, &rows, &mut faults);
            }
            let first = faults.iter().next().map_or(String::new(), |(_, it)| format!(": {it}"));
            say(faults.is_empty(), format!("{}: {}{first}", org.name, kind.many.to_lowercase()));
        }
        drop(scope);
    }
    match &app.mail {
        Some(mail) => {
            let host = mail.url.rsplit('@').next().unwrap_or_default();
            let checked = kit::mail::check(mail);
            say(checked.is_ok(), checked.err().unwrap_or_else(|| format!("mail goes out through {host}")));
        }
        None => println!("note  no mail server: invitations are links and printed sheets"),
    }
    Ok(sound)
}
