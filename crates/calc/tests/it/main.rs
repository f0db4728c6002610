//! The calculations against what others have published or computed.

mod priorities;
mod published;
mod reference;

/// Two figures that are the same to `digits` places after the point.
#[track_caller]
fn same(ours: impl Into<Option<f64>>, theirs: f64, digits: i32) {
    let ours = ours.into().expect("a figure");
    let reach = 0.5 * 10f64.powi(-digits) + 1e-12;
    assert!((ours - theirs).abs() <= reach, "{ours} is not {theirs} to {digits} places");
}
