//! Who may do what: the one table.

use crate::choices;

choices! {
    /// What an account is in an organisation.
    pub Role {
        Owner = "owner", "Owner";
        ItLeader = "it_leader", "IT leader";
        Finance = "finance", "Finance";
        BusinessLeader = "business_leader", "Business leader";
        Contributor = "contributor", "Contributor";
        Viewer = "viewer", "Viewer";
        Consultant = "consultant", "Consultant";
    }
}

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// See the journey, the records and the published results.
    View,
    /// Write and change the records that people share: actions, links.
    Contribute,
    /// Keep people and business units.
    ManagePeople,
    /// Set maturity, settle a competency, change the cycle.
    Lead,
    /// Make campaigns, launch and close them.
    ManageSurveys,
    /// See what things cost: prices, contracts, the pay of the people that a plan would need.
    SeeCosts,
    /// Keep suppliers, contracts and what they cost.
    KeepCosts,
    /// See who answered what in campaigns that are not anonymous.
    SeeNamedAnswers,
    /// Bring records in from files, and undo that.
    Import,
    /// Take whole tables out as files.
    Export,
    /// See the audit trail of the organisation.
    Audit,
    /// Change the organisation's settings, invite accounts and set their roles.
    Administer,
}

/// The permission table: a right and the roles that have it.
pub const PERMISSIONS: &[(Right, &[Role])] = {
    use Role::*;
    &[
        (Right::View, Role::ALL),
        (Right::Contribute, &[Owner, ItLeader, Finance, BusinessLeader, Contributor, Consultant]),
        (Right::ManagePeople, &[Owner, ItLeader, Consultant]),
        (Right::Lead, &[Owner, ItLeader, Consultant]),
        (Right::ManageSurveys, &[Owner, ItLeader, Consultant]),
        (Right::SeeCosts, &[Owner, ItLeader, Finance, BusinessLeader, Consultant]),
        (Right::KeepCosts, &[Owner, ItLeader, Finance, Consultant]),
        (Right::SeeNamedAnswers, &[Owner, ItLeader, Consultant]),
        (Right::Import, &[Owner, ItLeader, Finance, Consultant]),
        (Right::Export, &[Owner, ItLeader, Finance, BusinessLeader, Consultant]),
        (Right::Audit, &[Owner, ItLeader, Consultant]),
        (Right::Administer, &[Owner]),
    ]
};

impl Role {
    pub fn may(self, right: Right) -> bool {
        PERMISSIONS.iter().any(|(of, roles)| *of == right && roles.contains(&self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_may_do_everything() {
        for (right, _) in PERMISSIONS {
            assert!(Role::Owner.may(*right), "{right:?}");
        }
    }

    #[test]
    fn a_viewer_may_only_look() {
        let may: Vec<Right> = PERMISSIONS.iter().map(|(right, _)| *right).filter(|it| Role::Viewer.may(*it)).collect();
        assert_eq!(may, [Right::View]);
    }
}
