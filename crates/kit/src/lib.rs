//! What every area stands on: organisations, accounts, rights, records, the thread, the audit trail, pages.

// The macros of this crate name it from the outside.
extern crate self as kit;

pub mod account;
pub mod actions;
pub mod area;
pub mod asking;
pub mod attachment;
pub mod audit;
pub mod chart;
pub mod document;
pub mod door;
pub mod error;
pub mod files;
pub mod format;
pub mod glossary;
pub mod holidays;
pub mod import;
pub mod mail;
pub mod method;
pub mod org;
pub mod pages;
pub mod people;
pub mod qr;
pub mod record;
pub mod rights;
pub mod signature;
pub mod store;
pub mod table;
pub mod thread;
pub mod web;

pub use crate::error::{Error, Result};
