//! 部门: the owner of policies and the unit of an official's scope.

use serde::{Deserialize, Serialize};

use crate::id::BureauId;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bureau {
    pub id: BureauId,
    /// Natural key, e.g. `wuhan-jxj`.
    pub code: String,
    /// 全称
    pub name: String,
    /// Area code it serves.
    pub area: String,
}
