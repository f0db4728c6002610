//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use waypost::{
    config::{Listening, Settings},
    folder, serve,
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
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("WAYPOST_LOG")
                .unwrap_or_else(|_| "warn,waypost=info,kit=info".into()),
        )
        .init();
    let done = match Waypost::parse().command {
        Command::Serve { settings, listening } => run(settings, listening).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("waypost: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: Settings, listening: Listening) -> Result<(), serve::Failure> {
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
