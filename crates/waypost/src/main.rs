//! The command line.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use waypost::{
    backup, calc,
    commands::{self, UserCommand},
    config::{Listening, Settings},
    demo, folder,
    serve::{self, Failure},
};

#[derive(Parser)]
#[command(name = "waypost", version, about = "Business Technology Management for small and mid-sized companies")]
struct Waypost {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve for real. An empty data folder leads to a first-run page, guarded by a token printed here.
    #[command(
        after_help = "Examples:\n  waypost serve\n  waypost serve --data /var/lib/waypost --listen 0.0.0.0:8080 --address https://waypost.example.org"
    )]
    Serve {
        #[command(flatten)]
        settings: Settings,
        #[command(flatten)]
        listening: Listening,
    },
    /// Show the demo company: makes it in a folder of its own the first time, and serves it.
    #[command(after_help = "Examples:\n  waypost demo\n  waypost demo --reset --listen 127.0.0.1:9000")]
    Demo {
        /// The folder of the demo.
        #[arg(long, value_name = "FOLDER", default_value = "waypost-demo")]
        data: PathBuf,
        /// Make the company anew; what was changed in the demo is gone.
        #[arg(long)]
        reset: bool,
        #[command(flatten)]
        listening: Listening,
    },
    /// Bring a file in as the import wizard does: what its rows do is said first, and rows that cannot come in why not.
    #[command(
        after_help = "Examples:\n  waypost import people.xlsx --into person --dry-run\n  waypost import actions.csv --into action --column due='Target date' --value state=Open\n  waypost import answers.csv --into answers --place 'Autumn 2026'"
    )]
    Import {
        file: PathBuf,
        #[command(flatten)]
        how: commands::Bringing,
        #[command(flatten)]
        settings: Settings,
    },
    /// Write a table with every field to a file, or every table to a folder.
    #[command(
        after_help = "Examples:\n  waypost export person --to people.xlsx --format xlsx\n  waypost export --to folder --format csv"
    )]
    Export {
        /// The table; all of them where none is named.
        table: Option<String>,
        #[arg(long)]
        to: PathBuf,
        /// csv, xlsx or json.
        #[arg(long, default_value = "csv")]
        format: String,
        /// The organisation, where there are several.
        #[arg(long)]
        org: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Write everything into one file, while the server runs.
    #[command(after_help = "Example:\n  waypost backup --data /var/lib/waypost --to waypost-2026-11-23.zip")]
    Backup {
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
    /// Put a backup in the place of what is there, once it is verified; the old data is kept beside it.
    #[command(after_help = "Example:\n  waypost restore waypost-2026-11-23.zip --data /var/lib/waypost")]
    Restore {
        from: PathBuf,
        #[command(flatten)]
        settings: Settings,
    },
    /// List and make accounts, set passwords.
    User {
        #[command(subcommand)]
        command: UserCommand,
        #[command(flatten)]
        settings: Settings,
    },
    /// Reckon: agreement, comparisons, gaps, priorities, notice of contracts; from files to JSON.
    Calc {
        #[command(subcommand)]
        command: calc::CalcCommand,
    },
    /// Look the configuration and the data over; says what is wrong and exits with 1 then.
    #[command(after_help = "Example:\n  waypost check --data /var/lib/waypost")]
    Check {
        #[command(flatten)]
        settings: Settings,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WAYPOST_LOG")
                .unwrap_or_else(|_| "warn,waypost=info,kit=info".into()),
        )
        .init();
    match run(Waypost::parse().command).await {
        Ok(code) => code,
        Err(why) => {
            eprintln!("waypost: {why}");
            let mut next = why.source();
            while let Some(cause) = next {
                eprintln!("  because: {cause}");
                next = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve { settings, listening } => serve(settings, listening).await?,
        Command::Demo { data, reset, listening } => show(data, reset, listening).await?,
        Command::Import { file, how, settings } => {
            let app = serve::open_existing(&settings).await?;
            if !commands::import(&app, &file, &how).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Export { table, to, format, org, settings } => {
            let app = serve::open_existing(&settings).await?;
            commands::export(&app, org.as_deref(), table.as_deref(), &format, &to).await?;
        }
        Command::Backup { to, settings } => {
            let app = serve::open_existing(&settings).await?;
            let done = backup::backup(&app.db, &settings.data, &to, app.now()).await?;
            println!("{} rows and {} files written to {}", done.rows, done.files, to.display());
        }
        Command::Restore { from, settings } => {
            let _held = folder::hold(&settings.data)?;
            let (done, kept) = backup::restore(&settings, &from, serve::clock()).await?;
            println!("{} rows and {} files restored.", done.rows, done.files);
            if let Some(kept) = kept {
                println!("What was there before is kept in {kept}.");
            }
        }
        Command::User { command, settings } => {
            let app = serve::open_existing(&settings).await?;
            commands::user(&app, command).await?;
        }
        Command::Calc { command } => return Ok(calc::run(command)),
        Command::Check { settings } => {
            let app = serve::open_existing(&settings).await?;
            if !commands::check(&app).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: Settings, listening: Listening) -> Result<(), Failure> {
    let _held = folder::hold(&settings.data)?;
    let app = serve::open(&settings, &listening).await?;
    let token = app.first_run.lock().expect("nobody panics holding the token").clone();
    let listen = listening.listen(&settings.file()?);
    let address = app.address.clone();
    serve::serve(app, listen, |at| {
        println!("Waypost serves {address} (listening on {at}). Stop with Ctrl-C.");
        if let Some(token) = token {
            println!(
                "Nobody can sign in yet. Open {address}/first-run?token={token} to make the organisation and its owner."
            );
        }
    })
    .await
}

async fn show(data: PathBuf, reset: bool, listening: Listening) -> Result<(), Failure> {
    let _held = folder::hold(&data)?;
    let is_new = demo::prepare(&data, reset)?;
    let settings = Settings { database: Some(format!("sqlite:{}", data.join("waypost.db").display())), data };
    let app = serve::open(&settings, &listening).await?;
    if is_new {
        eprintln!("Making the demo company …");
        demo::make(&app).await?;
    }
    let listen = listening.listen(&settings.file()?);
    let address = app.address.clone();
    serve::serve(app, listen, |at| {
        println!("The demo company is at {address} (listening on {at}). Stop with Ctrl-C.");
        println!("Sign in as one of these. Password: {}", demo::PASSWORD);
        for (name, email, role) in demo::accounts() {
            println!("  {email:<40} {name}, {role}");
        }
    })
    .await
}
