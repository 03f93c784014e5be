//! One module per table, as the engine sees it. Rows become domain values in the files beside this directory.

#![expect(unreachable_pub, reason = "sea-orm's derives need `pub` inside these private modules")]

pub(crate) mod api_key;
pub(crate) mod attempt;
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
pub(crate) mod event;
pub(crate) mod feed_cursor;
pub(crate) mod feedback;
pub(crate) mod file;
pub(crate) mod idempotency_key;
pub(crate) mod import_run;
pub(crate) mod item;
pub(crate) mod item_revision;
pub(crate) mod ledger;
pub(crate) mod ledger_push;
pub(crate) mod match_result;
pub(crate) mod policy;
pub(crate) mod policy_revision;
pub(crate) mod profile_change;
pub(crate) mod push;
pub(crate) mod push_run;
pub(crate) mod reference_data;
pub(crate) mod subscription;
pub(crate) mod subscription_channel;

/// Runs a macro over all tables, those referred to before those that refer to them: the order of a restore.
macro_rules! for_each_table {
    ($visit:ident) => {
        $visit!(
            bureau,
            file,
            policy,
            policy_revision,
            item,
            item_revision,
            call,
            call_revision,
            enterprise,
            profile_change,
            contact,
            channel,
            subscription,
            subscription_channel,
            change,
            counter,
            feed_cursor,
            reference_data,
            push_run,
            push,
            attempt,
            ledger,
            ledger_push,
            match_result,
            event,
            feedback,
            import_run,
            idempotency_key,
            api_key,
            audit_entry,
            audit_seal
        )
    };
}
pub(crate) use for_each_table;
