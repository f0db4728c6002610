//! A real mail server for tests, which behaves as it is told. The integration tests include this file too, so it knows
//! nothing of the crate.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// How the server behaves towards each connection, in turn; the last one stays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Manner {
    Takes,
    Refuses(&'static str),
    /// Greets so, and takes nothing.
    Greets(&'static str),
    RefusesSender(&'static str),
    /// Says nothing at all.
    Hangs,
    /// Takes the text and never says so.
    HangsAfterTheText,
}

/// A mail server on the loopback, with what it took.
pub struct Smtp {
    pub url: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Smtp {
    pub async fn start(manners: &'static [Manner]) -> Smtp {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let mailbox = taken.clone();
        tokio::spawn(async move {
            for at in 0.. {
                let (stream, _) = listener.accept().await.expect("accepts");
                let manner = manners[at.min(manners.len() - 1)];
                tokio::spawn(converse(stream, manner, mailbox.clone()));
            }
        });
        Smtp { url: format!("smtp://127.0.0.1:{port}"), taken }
    }

    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().expect("nobody panics with it").clone()
    }
}

async fn converse(stream: TcpStream, manner: Manner, mailbox: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if manner == Manner::Hangs {
        let _ = lines.next_line().await;
        return std::future::pending().await;
    }
    let mut say = async |text: &str| {
        let _ = write.write_all(format!("{text}\r\n").as_bytes()).await;
    };
    let greeting = if let Manner::Greets(it) = manner { it } else { "220 test" };
    say(greeting).await;
    while let Ok(Some(line)) = lines.next_line().await {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match (&*verb, manner) {
            ("RCPT", Manner::Refuses(why)) | ("MAIL", Manner::RefusesSender(why)) => say(why).await,
            ("DATA", _) => {
                say("354 go on").await;
                let mut text = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    text.push_str(&line);
                    text.push('\n');
                }
                mailbox.lock().expect("nobody panics with it").push(text);
                if manner == Manner::HangsAfterTheText {
                    return std::future::pending().await;
                }
                say("250 taken").await;
            }
            ("QUIT", _) => return say("221 bye").await,
            _ => say("250 fine").await,
        }
    }
}
