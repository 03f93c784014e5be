//! 部门.

use domain::{Bureau, BureauId, Scope};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};

use crate::access::system_only;
use crate::changes::ChangeKind;
use crate::connect::Store;
use crate::entity::bureau;
use crate::error::Error;
use crate::row::{Row, readable};
use crate::tx::{Effect, Saved, Tx};

impl Store {
    /// All of them, by code. Who publishes policies is public.
    pub async fn list_bureaus(&self, _scope: &Scope) -> Result<Vec<Bureau>, Error> {
        let rows = bureau::Entity::find().order_by_asc(bureau::Column::Code).all(self.reader()).await?;
        Ok(readable(rows, decode))
    }

    pub async fn find_bureau(&self, _scope: &Scope, id: BureauId) -> Result<Option<Bureau>, Error> {
        bureau::Entity::find_by_id(id.to_string()).one(self.reader()).await?.map(decode).transpose()
    }
}

impl Tx {
    /// Creates or renames a bureau; its id follows from its code.
    pub async fn save_bureau(
        &mut self,
        scope: &Scope,
        code: &str,
        name: &str,
        area: &str,
    ) -> Result<Saved<Bureau>, Error> {
        system_only(scope, "change bureaus")?;
        let id = BureauId::of(code);
        let row =
            bureau::Model { id: id.to_string(), code: code.to_owned(), name: name.to_owned(), area: area.to_owned() };
        let effect = match bureau::Entity::find_by_id(id.to_string()).one(&self.db).await? {
            Some(known) if known == row => Effect::Unchanged,
            Some(_) => {
                let renamed = bureau::ActiveModel {
                    name: Set(row.name.clone()),
                    area: Set(row.area.clone()),
                    ..row.clone().into_active_model()
                };
                bureau::Entity::update(renamed).exec(&self.db).await?;
                Effect::Changed
            }
            None => {
                bureau::Entity::insert(row.clone().into_active_model()).exec_without_returning(&self.db).await?;
                Effect::Created
            }
        };
        if effect != Effect::Unchanged {
            self.changed(ChangeKind::Bureau, &id);
        }
        Ok(Saved { value: decode(row)?, effect })
    }
}

fn decode(row: bureau::Model) -> Result<Bureau, Error> {
    let id = Row::new("bureau", &row.id).parse("id", &row.id)?;
    Ok(Bureau { id, code: row.code, name: row.name, area: row.area })
}
