//! What a population does not answer, with what to do about it.

/// Why a question was refused; nothing was answered. In Chinese, for operators and officials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A fact was added or retired since: values may mean something else.
    #[error("参考数据已更换(企业按 {population:.8} 读取,条件按 {plan:.8} 编译):重新读取企业和事项后再试")]
    OtherReference { population: String, plan: String },
    /// In bytes.
    #[error("内存不够:需要 {} MB,上限 {} MB。提高上限,或分批判定", needed.div_ceil(1 << 20), limit >> 20)]
    TooLarge { needed: usize, limit: usize },
}
