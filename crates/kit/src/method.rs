//! The words of the method: fifteen competencies in five groups, four value propositions, three sides.
//!
//! The long texts about them are `journey`'s; here is only what every area needs in order to speak of them.

use crate::choices;

choices! {
    /// Where a person stands.
    pub Side {
        Business = "business", "Business", Business => [
            "business side", "business unit", "specialist department", "user", "users", "fachbereich", "fachabteilung",
            "geschäft", "geschäftsbereich", "fachseite", "anwender", "métier",
        ];
        It = "it", "IT", It => [
            "it department", "ict", "edv", "it-abteilung", "it abteilung", "informatik", "informationstechnik",
            "information technology", "intern it", "informatique",
        ];
        Provider = "provider", "Provider", Provider => [
            "external", "vendor", "supplier", "contractor", "service provider", "partner", "extern", "externe",
            "externer", "dienstleister", "it-dienstleister", "lieferant", "anbieter", "auftragnehmer", "fournisseur",
        ];
    }
}

choices! {
    /// The five groups of three competencies, in order.
    pub Group {
        Align = "align", "Align";
        People = "people", "People";
        Language = "language", "Language";
        Planning = "planning", "Planning";
        Delivery = "delivery", "Delivery";
    }
}

choices! {
    /// The fifteen competencies, in the order in which they are taken up.
    pub Competency {
        Envisioning = "c01", "Envisioning";
        SettingExpectations = "c02", "Setting expectations";
        CreatingUrgency = "c03", "Creating urgency";
        StrategicSourcing = "c04", "Strategic sourcing";
        LeadershipStructure = "c05", "Leadership structure";
        TeamComposition = "c06", "Team composition";
        CommonLanguage = "c07", "Common language";
        FinancialModelling = "c08", "Financial modelling";
        Benchmarking = "c09", "Benchmarking";
        SituationalAnalysis = "c10", "Situational analysis";
        StrategicPositioning = "c11", "Strategic positioning";
        OperationalPlanning = "c12", "Operational planning";
        Projects = "c13", "Projects";
        Processes = "c14", "Processes";
        ResultsFocus = "c15", "Results focus";
    }
}

choices! {
    /// What IT is for: the project's default four, after the management objectives of MIT CISR.
    pub Proposition {
        Foundation = "foundation", "Dependable foundation";
        Efficiency = "efficiency", "Cheaper and faster work";
        Insight = "insight", "Better decisions and control";
        Growth = "growth", "New business";
    }
}

impl Competency {
    /// Its number, 1 to 15.
    pub fn number(self) -> usize {
        self as usize + 1
    }

    pub fn group(self) -> Group {
        Group::ALL[self as usize / 3]
    }

    /// The address of its page.
    pub fn url(self) -> String {
        format!("/journey/{}", self.key())
    }
}

impl Group {
    pub fn competencies(self) -> &'static [Competency] {
        &Competency::ALL[self as usize * 3..self as usize * 3 + 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_holds_three_competencies_in_order() {
        let all: Vec<Competency> = Group::ALL.iter().flat_map(|it| it.competencies()).copied().collect();
        assert_eq!(all, Competency::ALL);
        assert_eq!(Competency::FinancialModelling.group(), Group::Language);
        assert_eq!(Competency::FinancialModelling.number(), 8);
    }
}
