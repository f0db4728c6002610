//! Pictures: one definition, drawn by ECharts in the page and by the same ECharts on the server for documents.
//!
//! A definition is plain data without functions, so that both draw the same. Colours are tokens such as `@business`:
//! the page resolves them from the style sheet, the server from the palette below, which repeats its values.

pub mod apart;
mod draw;

use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    error::{Error, Result},
    table::Table,
};

pub use self::draw::{png, svg};

/// A picture with what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The finding, as a heading.
    pub title: String,
    /// What a screen reader says.
    pub summary: String,
    /// An ECharts option.
    pub option: Value,
    /// In pixels; the width is that of the page.
    pub height: u32,
    /// The same figures as a table.
    pub table: Table,
}

/// Which colours the server draws with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// Token, light, dark: the values of the style sheet.
const PALETTE: &[(&str, &str, &str)] = &[
    ("@business", "#1d5fa8", "#6ea8ea"),
    ("@it", "#b34b08", "#ee9350"),
    ("@provider", "#6f55b5", "#ab96ea"),
    ("@accent", "#0d6b62", "#4fb9ac"),
    ("@ink-2", "#4d545d", "#b3bac2"),
    ("@ink-3", "#626a74", "#98a1ab"),
    ("@ink", "#1c2024", "#eceef0"),
    ("@line-2", "#cfd3d8", "#414850"),
    ("@line", "#e3e5e8", "#2c3137"),
    ("@sunk", "#eef0f2", "#24282d"),
    ("@paper", "#ffffff", "#1a1d21"),
];

/// The definition with its colours filled in. Panics in a test, not in the product, on a token that is none.
fn coloured(option: &Value, theme: Theme) -> Value {
    match option {
        Value::String(it) if it.starts_with('@') => {
            let found = PALETTE.iter().find(|(token, ..)| token == it);
            debug_assert!(found.is_some(), "{it} is not a colour of the palette");
            let of = |(_, light, dark): &(&str, &'static str, &'static str)| {
                if theme == Theme::Light { *light } else { *dark }
            };
            found.map_or(it.as_str(), of).into()
        }
        Value::Array(all) => all.iter().map(|it| coloured(it, theme)).collect(),
        Value::Object(all) => {
            all.iter().map(|(key, it)| (key.clone(), coloured(it, theme))).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[derive(Template)]
#[template(path = "chart/figure.html")]
struct Figure<'a> {
    chart: &'a Chart,
    option: String,
    files: &'a str,
    query: &'a str,
}

impl Chart {
    /// The picture in a page with its table; its downloads are at `files`, a format and `query`.
    pub fn figure(&self, files: &str, query: &str) -> Result<String> {
        Ok(Figure { chart: self, option: self.option.to_string(), files, query }.render()?)
    }

    /// The picture as a file for documents, as `svg` or `png`; [`Error::NotFound`] for any other format.
    pub async fn file(self, name: &str, format: &str) -> Result<Response> {
        let (is_png, media_type) = match format {
            "svg" => (false, "image/svg+xml"),
            "png" => (true, "image/png"),
            _ => return Err(Error::NotFound),
        };
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn = svg(&self, Theme::Light, 960)?;
            if is_png { png(&drawn, 2.0) } else { Ok(drawn.into_bytes()) }
        });
        let bytes = drawn.await.map_err(Error::internal)??;
        let named = format!("inline; filename=\"{name}.{format}\"");
        Ok(([(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, named)], bytes)
            .into_response())
    }
}

/// A line for each series over the same points: how something went from campaign to campaign, from day to day.
///
/// `range` is that of the axis. A missing value is a hole in the line.
pub fn lines(points: &[String], range: (f64, f64), series: &[(&str, &str, &str, Vec<Option<f64>>)]) -> Value {
    let line = |(name, colour, symbol, values): &(&str, &str, &str, Vec<Option<f64>>)| json!({ "type": "line", "name": name, "color": colour, "symbol": symbol, "symbolSize": 9, "lineStyle": { "width": 2 }, "data": values, "emphasis": { "focus": "series" } });
    json!({
        "grid": { "left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": true },
        "legend": { "top": 0, "left": 0, "itemGap": 18, "textStyle": { "color": "@ink-2" } },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "boundaryGap": true, "data": points, "axisLine": { "lineStyle": { "color": "@line-2" } }, "axisTick": { "show": false }, "axisLabel": { "color": "@ink-2" } },
        "yAxis": { "type": "value", "min": range.0, "max": range.1, "splitLine": { "lineStyle": { "color": "@line" } }, "axisLabel": { "color": "@ink-3" } },
        "series": series.iter().map(line).collect::<Vec<_>>(),
    })
}

/// A bar for each point, made of a part for each series: what a sum is made of, year by year. Parts stand on
/// each other in the order of the legend, so that they are told apart without colour.
pub fn stacked(points: &[String], series: &[(&str, &str, Vec<f64>)]) -> Value {
    let bar = |(name, colour, values): &(&str, &str, Vec<f64>)| json!({ "type": "bar", "name": name, "stack": "all", "color": colour, "barMaxWidth": 72, "data": values, "itemStyle": { "borderColor": "@paper", "borderWidth": 1 }, "emphasis": { "focus": "series" } });
    json!({
        "grid": { "left": 8, "right": 24, "top": 36, "bottom": 8, "containLabel": true },
        "legend": { "top": 0, "left": 0, "itemGap": 18, "textStyle": { "color": "@ink-2" } },
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "category", "data": points, "axisLine": { "lineStyle": { "color": "@line-2" } }, "axisTick": { "show": false }, "axisLabel": { "color": "@ink-2" } },
        "yAxis": { "type": "value", "splitLine": { "lineStyle": { "color": "@line" } }, "axisLabel": { "color": "@ink-3" } },
        "series": series.iter().map(bar).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(name: &str) -> Chart {
        let points = [name.to_owned(), "Envisioning".to_owned()];
        let series = [
            ("Business", "@business", "circle", vec![Some(2.2), Some(3.9)]),
            ("IT", "@it", "rect", vec![Some(3.4), Some(3.7)]),
        ];
        let table = Table { title: "T".into(), columns: Vec::new(), rows: Vec::new() };
        let option = lines(&points, (1.0, 5.0), &series);
        Chart { title: "Gap".into(), summary: "Two points".into(), option, height: 240, table }
    }

    #[test]
    fn the_server_draws_what_the_definition_says() {
        let drawn = svg(&chart("Projects"), Theme::Light, 800).expect("a picture");
        for expected in ["<svg", "Projects", "Envisioning", "#1d5fa8", "#b34b08"] {
            assert!(drawn.contains(expected), "{expected} is missing in {drawn}");
        }
        assert!(!drawn.contains('@'), "a colour was not filled in: {drawn}");
    }

    #[test]
    fn the_same_picture_drawn_twice_is_the_same_to_the_byte() {
        let (first, second) = (svg(&chart("Twice"), Theme::Dark, 600), svg(&chart("Twice again"), Theme::Dark, 600));
        assert_ne!(first.expect("a picture"), second.expect("a picture"));
        let again = |width| svg(&chart("Twice"), Theme::Dark, width).expect("a picture");
        assert_eq!(again(600), again(600));
    }

    #[test]
    fn a_picture_becomes_a_png() {
        let drawn = svg(&chart("Pixels"), Theme::Light, 800).expect("a picture");
        assert!(png(&drawn, 2.0).expect("pixels").starts_with(b"\x89PNG"));
    }

    #[test]
    fn hostile_text_stays_text_in_the_page() {
        let figure = chart("</script><script>alert(1)</script>\"'").figure("/x", "").expect("a figure");
        assert!(!figure.contains("<script>"), "{figure}");
    }
}
