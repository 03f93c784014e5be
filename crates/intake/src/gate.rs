//! The limits, as data: what may come in, how far it may grow, what reading it may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Everything that bounds one incoming file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Bytes of the file as it arrives.
    pub max_file_bytes: u64,
    /// Bytes of one line of text, and of one record whose quoted fields span lines.
    pub max_record_bytes: usize,
    /// Columns of a table.
    pub max_columns: usize,
    pub zip: ZipLimits,
    pub child: ChildLimits,
}

/// How far an archive may unfold. Sizes in the directory can lie, so bytes are also counted while inflating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZipLimits {
    pub max_entries: usize,
    pub max_inflated_bytes: u64,
    /// Inflated over compressed, judged per entry above `ratio_from_bytes`.
    pub max_ratio: u64,
    /// Entries that inflate to less than this are never refused for their ratio: a blank sheet packs very well.
    pub ratio_from_bytes: u64,
}

/// What the child process that reads a sheet may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildLimits {
    /// Address space in bytes (`RLIMIT_AS`).
    pub address_space: u64,
    /// Seconds of CPU time (`RLIMIT_CPU`).
    pub cpu_seconds: u64,
    /// Wall clock until the parent kills it.
    pub deadline: Duration,
}

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const GIB: u64 = 1024 * MIB;

impl Gate {
    /// For files from the web: anyone may send them, so everything is small.
    pub fn upload() -> Self {
        Self {
            max_file_bytes: 20 * MIB,
            max_record_bytes: 1024 * 1024,
            max_columns: 512,
            zip: ZipLimits { max_entries: 2_000, max_inflated_bytes: 200 * MIB, max_ratio: 100, ratio_from_bytes: MIB },
            child: ChildLimits { address_space: 512 * MIB, cpu_seconds: 30, deadline: Duration::from_secs(30) },
        }
    }

    /// For files an operator names on the command line: a whole city's register fits, a bomb still does not.
    pub fn operator() -> Self {
        Self {
            max_file_bytes: 4 * GIB,
            zip: ZipLimits { max_inflated_bytes: 8 * GIB, ..Self::upload().zip },
            child: ChildLimits { address_space: 2 * GIB, cpu_seconds: 30 * 60, deadline: Duration::from_hours(1) },
            ..Self::upload()
        }
    }
}
