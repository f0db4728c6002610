//! The one integration binary: requests in, pages out, through the real router on a real database.

mod answers;
mod backup;
mod browser;
mod budget;
mod campaign;
mod contracts;
mod demo;
mod door;
mod envisioning;
mod expectations;
mod frame;
mod import;
mod instruments;
mod journey;
mod leadership;
mod respondents;
mod selections;
mod sight;
mod sourcing;
mod survey;
mod team;
mod terminal;
mod tidy;
mod trouble;
mod urgency;
mod world;
