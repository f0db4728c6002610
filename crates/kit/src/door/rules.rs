//! What the doors decide.

use crate::{account::PASSWORD_LENGTH, rights::Role};

/// An address of this server that is safe to go back to after signing in; the first page for any other.
pub fn local(back: &str) -> &str {
    let within = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\n', '\r', '\t']);
    if within && !back.starts_with("/sign-") { back } else { "/" }
}

/// What is wrong with a new password.
pub fn password_fault(password: &str, email: &str) -> Option<String> {
    if password.chars().count() < PASSWORD_LENGTH {
        return Some(format!(
            "A password has {PASSWORD_LENGTH} characters at least; a few words that only you would put together are good."
        ));
    }
    let plain = password.to_lowercase();
    let one_character = plain.chars().all(|it| plain.starts_with(it));
    (one_character || plain == email.trim().to_lowercase())
        .then(|| "This would be guessed at once. Choose a few words that only you would put together.".to_owned())
}

/// Whether somebody with these roles in organisations that exist may make another one: a consultant has one for each
/// client, and whoever owns one knows what it takes.
pub fn may_found(mut roles: impl Iterator<Item = Role>) -> bool {
    roles.any(|it| matches!(it, Role::Owner | Role::Consultant))
}

/// Whether a member may get another role, or none; `owners` counts the owners of the organisation as it stands.
pub fn may_become(owners: usize, is: Role, becomes: Option<Role>) -> Result<(), &'static str> {
    if is == Role::Owner && becomes != Some(Role::Owner) && owners <= 1 {
        return Err("This is the last owner. Make someone else an owner first; without one, nobody could change the \
                    settings or invite anyone.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_server_are_gone_back_to() {
        assert_eq!(local("/people?q=a&page=2"), "/people?q=a&page=2");
        for elsewhere in
            ["", "people", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/sign-out"]
        {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_address() {
        assert!(password_fault("too short", "").is_some());
        assert!(password_fault("aaaaaaaaaaaaaa", "").is_some());
        assert!(password_fault("Ada@example.org", "ada@example.org").is_some());
        assert_eq!(password_fault("ein größeres Wort", "ada@example.org"), None);
        assert_eq!(password_fault("ÄÖÜäöüßéèê", ""), None, "ten characters, whatever their bytes");
    }

    #[test]
    fn owners_and_consultants_make_organisations_and_nobody_else_does() {
        let may: Vec<Role> =
            Role::ALL.iter().copied().filter(|it| may_found([Role::Viewer, *it].into_iter())).collect();
        assert_eq!(may, [Role::Owner, Role::Consultant]);
        assert!(!may_found(std::iter::empty()));
    }

    #[test]
    fn the_last_owner_stays_an_owner() {
        assert!(may_become(1, Role::Owner, None).is_err());
        assert!(may_become(1, Role::Owner, Some(Role::Viewer)).is_err());
        assert!(may_become(1, Role::Owner, Some(Role::Owner)).is_ok());
        assert!(may_become(2, Role::Owner, None).is_ok());
        assert!(may_become(1, Role::Viewer, None).is_ok());
    }
}
