//! Who sees and changes which rows. The one place where a scope becomes a condition.

use domain::{BureauId, EnterpriseOrdinal, Scope};
use rules::Reference;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef};
use sea_orm::{ColumnTrait, Condition};

use crate::entity::{enterprise, item, policy};
use crate::error::Error;

/// What everybody may see. A repealed policy stays readable and says so; a suspended one is hidden.
const OPEN: [&str; 2] = ["published", "repealed"];

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

/// Policies this scope may read. A bureau also reads its own drafts.
pub(crate) fn readable_policies(scope: &Scope) -> Condition {
    let open = policy::Column::Status.is_in(OPEN);
    match scope {
        Scope::System => Condition::all(),
        Scope::Bureau(bureau) => Condition::any().add(open).add(policy::Column::BureauId.eq(bureau.to_string())),
        Scope::Public | Scope::Enterprise(_) | Scope::Area(_) => Condition::all().add(open),
    }
}

/// Items this scope may read, on a query joined with their policies: an open item of a hidden policy is hidden.
pub(crate) fn readable_items(scope: &Scope) -> Condition {
    let open = Condition::all().add(policy::Column::Status.is_in(OPEN)).add(item::Column::Status.is_in(OPEN));
    match scope {
        Scope::System => Condition::all(),
        Scope::Bureau(bureau) => Condition::any().add(open).add(policy::Column::BureauId.eq(bureau.to_string())),
        Scope::Public | Scope::Enterprise(_) | Scope::Area(_) => open,
    }
}

/// Policies whose drafts and earlier wording this scope may read, and which it may change.
pub(crate) fn owned_policies(scope: &Scope) -> Condition {
    match scope {
        Scope::System => Condition::all(),
        Scope::Bureau(bureau) => Condition::all().add(policy::Column::BureauId.eq(bureau.to_string())),
        Scope::Public | Scope::Enterprise(_) | Scope::Area(_) => nothing(),
    }
}

/// Whether this scope may write library rows of this owner. `None` is the installation's own.
pub(crate) fn may_publish(scope: &Scope, owner: Option<&str>) -> bool {
    match scope {
        Scope::System => true,
        Scope::Bureau(bureau) => owner == Some(bureau.to_string().as_str()),
        Scope::Public | Scope::Enterprise(_) | Scope::Area(_) => false,
    }
}

/// The owner a new row gets: a bureau's rows are its own even if it does not say so.
pub(crate) fn owner(scope: &Scope, stated: Option<BureauId>) -> Option<BureauId> {
    match scope {
        Scope::Bureau(bureau) => Some(stated.unwrap_or(*bureau)),
        _ => stated,
    }
}

/// Enterprises this scope may read.
pub(crate) fn readable_enterprises(scope: &Scope, reference: &Reference) -> Condition {
    match scope {
        Scope::System => Condition::all(),
        Scope::Enterprise(ordinal) => Condition::all().add(enterprise::Column::Ordinal.eq(ordinal.0)),
        Scope::Area(code) => within(enterprise::Column::Area, code, reference),
        Scope::Public | Scope::Bureau(_) => nothing(),
    }
}

/// Whether this scope may write what belongs to this enterprise; `None` belongs to no enterprise.
pub(crate) fn may_write_for(scope: &Scope, enterprise: Option<EnterpriseOrdinal>) -> bool {
    match scope {
        Scope::System => true,
        Scope::Enterprise(own) => enterprise == Some(*own),
        Scope::Public | Scope::Bureau(_) | Scope::Area(_) => false,
    }
}

/// An area and everything within it, as the reference data knows it; a code it does not know is only itself.
pub(crate) fn within(column: impl IntoColumnRef, code: &str, reference: &Reference) -> Condition {
    let areas = &reference.areas;
    let mut codes: Vec<&str> =
        areas.iter().map(|area| area.code.as_str()).filter(|inner| areas.contains(code, inner)).collect();
    if codes.is_empty() {
        codes.push(code);
    }
    Condition::all().add(Expr::col(column).is_in(codes))
}

/// For what only the machinery of the service itself may do.
pub(crate) fn system_only(scope: &Scope, what: &'static str) -> Result<(), Error> {
    if *scope == Scope::System { Ok(()) } else { Err(Error::OutOfScope { what }) }
}
