//! The nouns of the service and its pure verbs. Nothing here touches a clock, a disk or a network.
//!
//! | noun | file |
//! |---|---|
//! | 部门 | `bureau` |
//! | 政策文件 and its revisions | `policy` |
//! | 政策事项 and its revisions | `item` |
//! | 申报通知 | `call` |
//! | 企业 with its profile revision | `enterprise` |
//! | 联系人, 渠道, 订阅 | `contact` |
//! | 推送, 投递尝试, 告知账 | `push`, `ledger` |
//! | who may see what | `scope` |
//! | what may be written to: e-mail addresses, webhook addresses | `address`, `url_policy` |
//! | 申报窗口, 情形 | `window`, `standing` |
//! | what items have to do with each other, and what they pay together | `relations`, `total` |
//! | what is told in a slot | `planning` |
//! | the few facts to ask for next | `questions` |
//! | made-up enterprises for demo and measurement | `synthetic` |

pub mod address;
pub mod bureau;
pub mod call;
pub mod clock;
pub mod contact;
pub mod enterprise;
pub mod id;
pub mod item;
pub mod ledger;
pub mod letter;
pub mod links;
pub mod matching;
pub mod planning;
pub mod policy;
pub mod push;
pub mod questions;
pub mod quiet;
pub mod relations;
pub mod sample;
pub mod scope;
pub mod standing;
pub mod synthetic;
pub mod total;
pub mod turn;
pub mod url_policy;
pub mod window;

pub use address::{AddressProblem, EmailAddress};
pub use bureau::Bureau;
pub use call::{Call, CallOrigin, CallStatus};
pub use clock::{Clock, Instant};
pub use contact::{Basis, Channel, ChannelKind, ChannelState, Contact, Frequency, Role, Subscription, Topic};
pub use enterprise::{Enterprise, EnterpriseOrdinal};
pub use id::{AttemptId, BureauId, CallId, ChannelId, ContactId, ItemId, PolicyId, PushId, RunId, SubscriptionId};
pub use item::{Category, Coverage, Guide, Item, ItemRevision, Mode, Support};
pub use ledger::{LedgerKey, LedgerState, Reason, Told};
pub use letter::{HookLetter, Letter, MailLetter};
pub use links::{Answer, Links};
pub use policy::{Level, Policy, PolicyRevision, PolicyStatus, Validity};
pub use push::{Attempt, Outcome, Push, PushRun, PushState, RunKind};
pub use relations::{Relation, RelationKind};
pub use scope::{Permission, Scope};
pub use standing::Standing;
pub use url_policy::{UrlPolicy, UrlProblem};
pub use window::Window;
