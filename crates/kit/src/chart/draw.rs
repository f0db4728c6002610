//! Drawing on the server: ECharts in QuickJS, on a thread of its own, started by the first picture.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock, Mutex,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use resvg::{tiny_skia, usvg};
use rquickjs::{Context, Runtime};

use crate::{
    chart::{Chart, Theme, coloured},
    error::{Error, Result},
};

/// Loading takes most of a second and some tens of megabytes, so the engine goes when it was idle this long.
const IDLE: Duration = Duration::from_secs(300);
/// How many drawn pictures are kept.
const KEPT: usize = 64;

const ECHARTS: &str = include_str!("../../../../assets/vendor/echarts.min.js");

/// What a browser has and QuickJS has not, and how wide text is: Inter's average by kind of letter.
const AROUND: &str = r"
var setTimeout = function () { return 0 }, clearTimeout = function () {}, requestAnimationFrame = setTimeout;
";
const MEASURE: &str = r#"
echarts.setPlatformAPI({ createCanvas: function () { return null }, measureText: function (text, font) {
  var size = parseFloat((/([\d.]+)px/.exec(font || "") || [0, 12])[1]), width = 0;
  for (var i = 0; i < text.length; i++) {
    var c = text[i];
    width += "iljtfr.,:;'|!()[]I ".indexOf(c) >= 0 ? 0.32 : "mwMW—…%@".indexOf(c) >= 0 ? 0.88 : c >= "A" && c <= "Z" ? 0.68 : 0.57;
  }
  return { width: width * size };
} });
"#;

struct Job {
    script: String,
    answer: Sender<std::result::Result<String, String>>,
}

/// The picture as SVG. Drawn once; the same definition again comes from memory.
pub fn svg(chart: &Chart, theme: Theme, width: u32) -> Result<String> {
    static DRAWN: LazyLock<Mutex<BTreeMap<String, Arc<str>>>> = LazyLock::new(Mutex::default);
    let option = coloured(&chart.option, theme);
    let script = format!(
        "(function () {{ var chart = echarts.init(null, null, {{ renderer: 'svg', ssr: true, width: {width}, height: {} }}); \
         chart.setOption(Object.assign({{ animation: false, textStyle: {{ fontFamily: 'Inter, sans-serif' }} }}, {option})); \
         var svg = chart.renderToSVGString(); chart.dispose(); return svg }})()",
        chart.height
    );
    if let Some(drawn) = DRAWN.lock().expect("nothing panics while it is held").get(&script) {
        return Ok(drawn.to_string());
    }
    let drawn = plain_names(&ask(&script)?);
    let mut all = DRAWN.lock().expect("nothing panics while it is held");
    if all.len() >= KEPT {
        all.clear();
    }
    all.insert(script, drawn.as_str().into());
    Ok(drawn)
}

/// ECharts numbers its clip paths and classes across pictures; the same picture must be the same to the byte.
fn plain_names(svg: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let mut names: Vec<String> = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find("zr") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(|it: char| !it.is_ascii_alphanumeric() && it != '-').map_or(rest.len(), |it| at + it);
        let name = &rest[at..end];
        let number = names.iter().position(|it| it == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        out.push_str(&format!("z{number}"));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn ask(script: &str) -> Result<String> {
    static ENGINE: Mutex<Option<Sender<Job>>> = Mutex::new(None);
    let job = || {
        let (answer, drawn) = mpsc::channel();
        (Job { script: script.to_owned(), answer }, drawn)
    };
    let mut engine = ENGINE.lock().expect("nothing panics while it is held");
    if let Some(running) = engine.as_ref() {
        let (job, drawn) = job();
        // One that waited long enough goes, perhaps with this job in its hand.
        if running.send(job).is_ok()
            && let Ok(it) = drawn.recv()
        {
            return it.map_err(Error::internal);
        }
    }
    let (job, drawn) = job();
    let (sender, jobs) = mpsc::channel::<Job>();
    sender.send(job).expect("the other end is in this function");
    thread::Builder::new()
        .name("charts".to_owned())
        .stack_size(16 << 20)
        .spawn(move || draw(&jobs))
        .map_err(Error::internal)?;
    *engine = Some(sender);
    drop(engine);
    drawn.recv().map_err(Error::internal)?.map_err(Error::internal)
}

/// Answers jobs until none came for a while.
fn draw(jobs: &mpsc::Receiver<Job>) {
    let engine = Runtime::new().and_then(|runtime| {
        runtime.set_max_stack_size(8 << 20);
        let context = Context::full(&runtime)?;
        context.with(|ctx| {
            for script in [AROUND, ECHARTS, MEASURE] {
                ctx.eval::<(), _>(script)?;
            }
            Ok::<_, rquickjs::Error>(())
        })?;
        Ok((runtime, context))
    });
    loop {
        let job = match jobs.recv_timeout(IDLE) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        };
        let drawn = match &engine {
            Ok((_, context)) => context.with(|ctx| {
                ctx.eval::<String, _>(job.script.as_str())
                    .map_err(|_| format!("ECharts did not draw: {:?}", ctx.catch()))
            }),
            Err(err) => Err(format!("ECharts did not load: {err}")),
        };
        let _ = job.answer.send(drawn);
    }
}

/// An SVG as a PNG, `scale` times its size.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>> {
    static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../../../assets/vendor/inter-latin.ttf").to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    let options = usvg::Options { fontdb: FONTS.clone(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(Error::internal)?;
    let size = tree.size();
    let (width, height) = ((size.width() * scale) as u32, (size.height() * scale) as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or_else(|| Error::internal("a picture without size"))?;
    pixels.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(Error::internal)
}
