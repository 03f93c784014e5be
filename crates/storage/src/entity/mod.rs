//! One module per table, as the engine sees it. Rows become domain values in the files beside this directory.

#![expect(unreachable_pub, reason = "sea-orm's derives need `pub` inside these private modules")]

pub(crate) mod audit_entry;
pub(crate) mod audit_seal;
pub(crate) mod bureau;
pub(crate) mod call;
pub(crate) mod call_revision;
pub(crate) mod change;
pub(crate) mod channel;
pub(crate) mod contact;
pub(crate) mod counter;
pub(crate) mod enterprise;
pub(crate) mod feed_cursor;
pub(crate) mod import_run;
pub(crate) mod item;
pub(crate) mod item_revision;
pub(crate) mod policy;
pub(crate) mod policy_revision;
pub(crate) mod subscription;
pub(crate) mod subscription_channel;
