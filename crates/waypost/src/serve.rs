//! Serving: open the data, listen, and stop so that nothing is lost.

use std::{net::SocketAddr, path::Path, sync::Mutex, time::Duration};

use db::Db;
use jiff::Timestamp;
use kit::{
    account::{self, Secret},
    web::{App, Parts},
};
use tokio::net::TcpListener;

use crate::{
    config::{Listening, Settings},
    folder,
};

/// Why the server did not start or did not go on, in one sentence for the terminal.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often work that waits for its time is looked at.
const TICK: Duration = Duration::from_secs(30);
/// How long requests in flight may take when the server stops: one may come from a phone that lost its network.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a message that is under way may take when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// Opens the data of these settings as a running program without a listener, as the command line needs it too.
pub async fn open(settings: &Settings, listening: &Listening) -> Result<App, Failure> {
    let file = settings.file()?;
    let database = settings.database(&file);
    if let Some(path) = database.strip_prefix("sqlite:").filter(|it| !it.contains(['?', ':']))
        && let Err(err) = folder::close_to_others(Path::new(path))
    {
        tracing::warn!("{path} cannot be closed to others on this machine: {err}");
    }
    let db = Db::open(&database).await.map_err(|err| match err {
        db::Error::Damaged | db::Error::Newer => Failure::from(err.to_string()),
        db::Error::Full => Failure::from("The disk that holds the data is full. Free some space and start again."),
        err => {
            let cause = std::error::Error::source(&err).map_or_else(|| err.to_string(), ToString::to_string);
            Failure::from(format!("The database cannot be opened: {cause}"))
        }
    })?;
    let first_run = if account::none_yet(&db).await? { Some(Secret::fresh().text) } else { None };
    Ok(App::new(Parts {
        db,
        registry: crate::registry(),
        clock: Box::new(clock),
        folder: settings.data.clone(),
        address: listening.address(&file),
        mail: file.mail.map(|it| kit::mail::Server { url: it.url, from: it.from, patience: kit::mail::PATIENCE }),
        first_run: Mutex::new(first_run),
    }))
}

/// The same for a command that works on data that is there, and makes none: the folder may be mistyped.
pub async fn open_existing(settings: &Settings) -> Result<App, Failure> {
    let database = settings.database(&settings.file()?);
    if database.strip_prefix("sqlite:").is_some_and(|it| !Path::new(it).exists()) {
        return Err(format!(
            "{} holds no data of Waypost. Name the folder that does with --data, or begin with `waypost serve`.",
            settings.data.display()
        )
        .into());
    }
    open(settings, &Listening::default()).await
}

/// Serves until Ctrl-C or SIGTERM; requests in flight finish first.
///
/// `ready` is told the address once the listener is open.
pub async fn serve(app: App, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), Failure> {
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|err| format!("Nothing can listen on {listen}: {err}. Choose another place with --listen."))?;
    ready(listener.local_addr()?);
    let (router, _) = crate::router(&app);
    let ticking = tokio::spawn(tick(app.clone()));
    let posting = tokio::spawn(post(app.clone()));
    let (told, stopping) = tokio::sync::oneshot::channel();
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async {
            stop().await;
            let _ = told.send(());
        });
    let too_long = async {
        let _ = stopping.await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        served = serving => served?,
        () = too_long => tracing::warn!("stopped while requests were still being sent; nothing of them was saved"),
    }
    ticking.abort();
    // A message that was cut off might have arrived, and would then wait for a person to decide.
    let _held = tokio::time::timeout(FAREWELL, kit::mail::hold()).await;
    posting.abort();
    app.db.close().await;
    Ok(())
}

/// The one place that reads the clock.
#[expect(clippy::disallowed_methods, reason = "this is the wiring")]
pub fn clock() -> Timestamp {
    Timestamp::now()
}

async fn tick(app: App) {
    loop {
        for area in &app.registry.areas {
            if let Err(err) = area.tick(&app).await {
                tracing::error!("work that waited for its time failed: {err:?}");
            }
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Apart from the other work, so that a mail server that hangs holds up nothing but mail.
async fn post(app: App) {
    loop {
        if let Err(err) = kit::mail::deliver_due(&app).await {
            tracing::error!("mail was not brought to the server: {err:?}");
        }
        tokio::time::sleep(TICK).await;
    }
}

async fn stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("SIGTERM can be listened for");
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping: requests in flight finish first");
}
