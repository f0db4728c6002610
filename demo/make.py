#!/usr/bin/env python3
"""Makes the people and the answers of the demo company, and checks the whole folder.

  python3 demo/make.py      (Python 3.11 or later, nothing else)

Written by hand: organisation.toml, actions.csv, assessments.csv, and source/comments.tsv with what people wrote in the
surveys. Made here: units.csv, people.csv, the answers of three rounds and who is asked in the open one. The same
script always makes the same bytes: every draw is from dice that are named after what they decide, so that a change in
one place moves nothing elsewhere.

The files look like what people bring: the first round is an export of Microsoft Forms, the others are plain tables.
"""

import csv
import datetime
import io
import json
import pathlib
import random
import tomllib
import unicodedata

HERE = pathlib.Path(__file__).parent
INSTRUMENT = HERE / "../crates/survey/instruments/gap-short.json"
DOMAIN = "ollenmark.example"


def dice(*of):
    """Dice of their own for one decision."""
    return random.Random("ollenmark " + " ".join(map(str, of)))


def day(text):
    return datetime.date.fromisoformat(text)


# The company ---------------------------------------------------------------------------------------------------------

# Code, name, code of the unit above, and how many answer in each round: 2024, 2025, asked in 2026, answered in 2026.
UNITS = [
    ("MAN", "Management", "", (2, 2, 1, 1)),
    ("OPS", "Operations", "", (2, 2, 1, 0)),
    ("CAST", "Casting and Machining", "OPS", (6, 8, 8, 3)),
    ("ASM", "Assembly and Testing", "OPS", (6, 6, 7, 3)),
    ("LOG", "Purchasing and Logistics", "OPS", (4, 5, 6, 3)),
    ("QUA", "Quality and Safety", "OPS", (1, 1, 2, 1)),
    ("SAL", "Sales and Service", "", (1, 2, 2, 1)),
    ("NOR", "Sales North and West", "SAL", (3, 5, 5, 3)),
    ("SOU", "Sales South and East", "SAL", (2, 1, 3, 1)),
    ("FLD", "Field Service", "SAL", (6, 7, 8, 5)),
    ("SPA", "Spare Parts", "SAL", (1, 1, 2, 0)),
    ("RND", "Research and Development", "", (5, 6, 5, 3)),
    ("CEN", "Central Services", "", (0, 0, 0, 0)),
    ("FIN", "Finance", "CEN", (2, 4, 3, 1)),
    ("HRM", "Human Resources", "CEN", (1, 1, 1, 0)),
    ("ITS", "Information Technology", "CEN", (9, 9, 9, 9)),
]
PROVIDERS = (3, 3, 5, 3)

# Name, what they do, unit, manager, influence, start, end.
NAMED = [
    ("Helene Vossberg", "Chief Executive", "MAN", None, 5, "2016-04-01", ""),
    ("Fiona Mulcahy", "Company Secretary", "MAN", "Helene Vossberg", 1, "", ""),
    ("Pieter van Aerde", "Operations Director", "OPS", "Helene Vossberg", 5, "2012-09-01", ""),
    ("Henrik Dahlby", "Head of Production Planning", "OPS", "Pieter van Aerde", 2, "", ""),
    ("Jürgen Kropp", "Head of Casting and Machining", "CAST", "Pieter van Aerde", 3, "1998-08-01", ""),
    ("Rolf Stadler", "Chair of the Works Council", "CAST", "Jürgen Kropp", 2, "2001-02-01", ""),
    ("Katarzyna Dudek", "Head of Assembly and Testing", "ASM", "Pieter van Aerde", 3, "", ""),
    ("Bram Hoekstra", "Head of Purchasing and Logistics", "LOG", "Pieter van Aerde", 3, "2018-01-15", ""),
    ("Ingrid Sandvik", "Head of Quality and Safety", "QUA", "Pieter van Aerde", 2, "", ""),
    ("Matteo Brandolini", "Sales and Service Director", "SAL", "Helene Vossberg", 4, "2020-05-01", ""),
    ("Anouk Delvaux", "Head of Marketing and Tenders", "SAL", "Matteo Brandolini", 2, "", ""),
    ("Declan Rooney", "Head of Sales North and West", "NOR", "Matteo Brandolini", 3, "", ""),
    ("Giulia Ferrante", "Head of Sales South and East", "SOU", "Matteo Brandolini", 3, "2021-10-01", ""),
    ("Stefan Aigner", "Head of Field Service", "FLD", "Matteo Brandolini", 4, "2009-03-01", ""),
    ("Marie Lecomte", "Head of Spare Parts", "SPA", "Matteo Brandolini", 2, "2025-05-01", ""),
    ("Agnieszka Wrona", "R&D Director", "RND", "Helene Vossberg", 4, "2017-11-01", ""),
    ("Lukas Benda", "Head of Controls and Monitoring", "RND", "Agnieszka Wrona", 3, "2022-06-01", ""),
    ("Orla Kinsella", "Finance Director", "FIN", "Helene Vossberg", 5, "2014-01-01", ""),
    ("Miriam Roth", "Head of Controlling", "FIN", "Orla Kinsella", 3, "", ""),
    ("Saskia Leitner", "Human Resources Director", "HRM", "Helene Vossberg", 3, "2019-08-01", ""),
    ("Tomas Hallgren", "Head of IT", "ITS", "Orla Kinsella", 4, "2021-03-01", ""),
    ("Nele Dierkes", "Service Desk Lead", "ITS", "Tomas Hallgren", None, "", ""),
    ("Cormac Flynn", "Service Desk Technician", "ITS", "Nele Dierkes", None, "2023-09-01", ""),
    ("Ahmet Yalçın", "Service Desk Technician", "ITS", "Nele Dierkes", None, "", ""),
    ("Renate Buchholz", "ERP Application Manager", "ITS", "Tomas Hallgren", None, "2006-10-01", ""),
    ("Filip Krzemień", "Network and Server Engineer", "ITS", "Tomas Hallgren", None, "", ""),
    ("Isabel Queiroz", "Data Analyst", "ITS", "Tomas Hallgren", None, "2024-02-01", ""),
    ("Jesper Lund", "IT Project Manager", "ITS", "Tomas Hallgren", None, "", ""),
    ("Zoltán Bíró", "Plant Systems Engineer", "ITS", "Tomas Hallgren", None, "", ""),
    ("Willem Stuyver", "Head of Spare Parts", "SPA", "Matteo Brandolini", 2, "1994-03-01", "2025-06-30"),
    ("Nicole Fürst", "Sales Engineer", "NOR", "Declan Rooney", None, "2020-02-01", "2026-09-30"),
    ("Eszter Halmos", "Compliance Officer", "CEN", "Orla Kinsella", None, "2026-12-07", ""),
]
CONTACTS = [
    ("Vera Lindemann", "Account Manager, Tessarode Systems", "tessarode.example"),
    ("Marco Stein", "Lead Consultant ERP, Tessarode Systems", "tessarode.example"),
    ("Patricia Coyle", "Account Manager, Haldvik Networks", "haldvik.example"),
    ("Nils Ekdahl", "Service Delivery Manager, Haldvik Networks", "haldvik.example"),
    ("Damir Lovrić", "Support Engineer, Haldvik Networks", "haldvik.example"),
]
# Contacts who answer whenever they are asked.
ANSWERING_CONTACTS = {"Marco Stein", "Patricia Coyle", "Nils Ekdahl"}

# Unit, job, how many, and whom they report to: a job in the same unit or a name.
STAFF = [
    ("MAN", "Assistant to the Management", 1, "Helene Vossberg"),
    ("MAN", "Sustainability Officer", 1, "Helene Vossberg"),
    ("OPS", "Production Planner", 2, "Henrik Dahlby"),
    ("OPS", "Continuous Improvement Engineer", 1, "Pieter van Aerde"),
    ("CAST", "Foundry Supervisor", 3, "Jürgen Kropp"),
    ("CAST", "Machining Supervisor", 2, "Jürgen Kropp"),
    ("CAST", "Maintenance Supervisor", 1, "Jürgen Kropp"),
    ("CAST", "Moulder", 10, "Foundry Supervisor"),
    ("CAST", "Furnace Operator", 6, "Foundry Supervisor"),
    ("CAST", "CNC Machinist", 13, "Machining Supervisor"),
    ("CAST", "Maintenance Fitter", 5, "Maintenance Supervisor"),
    ("ASM", "Assembly Team Leader", 3, "Katarzyna Dudek"),
    ("ASM", "Assembly Fitter", 15, "Assembly Team Leader"),
    ("ASM", "Control Cabinet Electrician", 5, "Assembly Team Leader"),
    ("ASM", "Painter", 2, "Assembly Team Leader"),
    ("ASM", "Test Engineer", 4, "Katarzyna Dudek"),
    ("ASM", "Test Bench Technician", 4, "Test Engineer"),
    ("LOG", "Buyer", 5, "Bram Hoekstra"),
    ("LOG", "Warehouse Supervisor", 1, "Bram Hoekstra"),
    ("LOG", "Warehouse Operator", 9, "Warehouse Supervisor"),
    ("LOG", "Goods Receipt Clerk", 2, "Warehouse Supervisor"),
    ("LOG", "Dispatcher", 3, "Bram Hoekstra"),
    ("LOG", "Transport Planner", 2, "Bram Hoekstra"),
    ("QUA", "Quality Engineer", 3, "Ingrid Sandvik"),
    ("QUA", "Inspector", 3, "Ingrid Sandvik"),
    ("QUA", "Safety Officer", 1, "Ingrid Sandvik"),
    ("SAL", "Tender Coordinator", 1, "Anouk Delvaux"),
    ("SAL", "Marketing Specialist", 2, "Anouk Delvaux"),
    ("NOR", "Area Sales Manager", 4, "Declan Rooney"),
    ("NOR", "Sales Engineer", 6, "Declan Rooney"),
    ("NOR", "Sales Assistant", 4, "Declan Rooney"),
    ("SOU", "Area Sales Manager", 3, "Giulia Ferrante"),
    ("SOU", "Sales Engineer", 5, "Giulia Ferrante"),
    ("SOU", "Sales Assistant", 3, "Giulia Ferrante"),
    ("FLD", "Regional Service Leader", 3, "Stefan Aigner"),
    ("FLD", "Service Technician", 21, "Regional Service Leader"),
    ("FLD", "Commissioning Engineer", 3, "Stefan Aigner"),
    ("FLD", "Service Planner", 3, "Stefan Aigner"),
    ("SPA", "Parts Adviser", 5, "Marie Lecomte"),
    ("SPA", "Parts Clerk", 2, "Marie Lecomte"),
    ("SPA", "Catalogue Editor", 1, "Marie Lecomte"),
    ("RND", "Design Engineer", 7, "Agnieszka Wrona"),
    ("RND", "Hydraulics Engineer", 4, "Agnieszka Wrona"),
    ("RND", "Controls Engineer", 5, "Lukas Benda"),
    ("RND", "Technical Writer", 2, "Agnieszka Wrona"),
    ("CEN", "Legal Counsel", 1, "Orla Kinsella"),
    ("CEN", "Facilities Coordinator", 1, "Orla Kinsella"),
    ("CEN", "Receptionist", 1, "Facilities Coordinator"),
    ("FIN", "Controller", 2, "Miriam Roth"),
    ("FIN", "Accountant", 3, "Orla Kinsella"),
    ("FIN", "Credit Controller", 1, "Orla Kinsella"),
    ("FIN", "Payroll Specialist", 1, "Orla Kinsella"),
    ("HRM", "HR Adviser", 2, "Saskia Leitner"),
    ("HRM", "Recruiter", 1, "Saskia Leitner"),
    ("HRM", "Training Coordinator", 1, "Saskia Leitner"),
]

# First names, then last names that go with all of them. No last name comes twice.
NAMES = [
    (
        "Jonas, Lena, Markus, Sabine, Florian, Katrin, Matthias, Heike, Tobias, Julia, Uwe, Petra, Sven, Claudia, "
        "Andreas, Birgit, Dirk, Anja, Holger, Nadine, Ralf, Silke, Bernd, Franziska, Kai",
        "Achterberg, Bergmann, Brinkmann, Dietz, Eckhardt, Fassbender, Gerlach, Haberland, Hartwig, Heller, Hinrichs, "
        "Huber, Kaltenbach, Kessler, Kirchner, Kleinert, Konrad, Kremer, Langhans, Lindner, Lohmann, Maurer, Menzel, "
        "Naumann, Oberle, Ostermann, Paulsen, Petermann, Pfeiffer, Raabe, Reinhardt, Riedel, Rosenthal, Ruppert, "
        "Sander, Schäfer, Schilling, Schreiber, Seifert, Siebert, Sommer, Stahl, Steiner, Strobel, Thalheim, "
        "Trautmann, Ullrich, Vogt, Wächter, Wegener, Weidner, Wiegand, Winkler, Wolfram, Zander, Ziegler, Zimmer, "
        "Böhme, Grünewald, Jäger, König, Krämer, Lüders, Möller, Schröder, Süßmann",
    ),
    (
        "Daan, Sanne, Joost, Femke, Ruben, Maaike, Wouter, Lotte, Thijs, Marloes, Gijs, Esther",
        "Bakker, Boersma, Brouwer, Dekker, Dijkstra, van Dongen, Drost, Elzinga, Geerts, Hendriks, Huisman, Kramer, "
        "Kuipers, Lammers, Meijer, Mulder, Noordhoek, van Oosten, Postma, Prins, Smeets, Timmermans, Veenstra, "
        "Verhoeven, Visser, de Wit, Zijlstra, Zwart",
    ),
    (
        "Aoife, Ciarán, Siobhán, Eoin, Niamh, Owen, Megan, Callum, Róisín, Gareth, Hannah, Rory",
        "Ashworth, Brannigan, Callaghan, Costello, Devlin, Doherty, Farrell, Fitzgerald, Gallagher, Hartley, Keane, "
        "Lockwood, McGrath, Moran, Nolan, O’Dowd, Pritchard, Quinlan, Redmond, Shaw, Sweeney, Tierney, Whelan, Yates",
    ),
    (
        "Camille, Julien, Élodie, Thierry, Amandine, Bastien, Sylvie, Olivier, Nathalie, Romain, Hélène",
        "Aubert, Barbier, Chevalier, Collin, Dumont, Fontaine, Gaillard, Guérin, Jacquet, Lambert, Leclercq, "
        "Marchand, Mercier, Noël, Perrin, Renard, Roussel, Servais, Vasseur, Wauters",
    ),
    (
        "Paweł, Magdalena, Tomasz, Joanna, Grzegorz, Ewa, Marcin, Beata, Michał, Dorota, Piotr, Aleksandra",
        "Adamczyk, Baran, Bielak, Cieślak, Domagała, Gajda, Gołąb, Jaworek, Kaczmarek, Kasprzak, Kozioł, Kubiak, Lis, "
        "Marczak, Mazur, Michalak, Nowak, Olejnik, Pawlak, Pietrzak, Ratajczak, Sikora, Stępień, Szulc, Urban, "
        "Walczak, Wójcik",
    ),
    ("Radek, Jiří, Ondřej, Vojtěch", "Kučera, Dvořáček, Hájek, Marek, Pospíšil, Růžička, Šimek, Zelenka"),
    ("Lenka, Tereza, Hana", "Kovářová, Nováčková, Součková, Urbanová, Vlčková, Šťastná, Fialová"),
    (
        "Luca, Chiara, Davide, Elisa, Simone, Martina, Paolo, Valentina",
        "Barbieri, Bertolini, Caruso, Colombo, De Santis, Fabbri, Gallo, Lombardi, Mancini, Marchetti, Monti, Pagani, "
        "Pellegrini, Riva, Rossetti, Sartori, Serra, Testa, Valli, Zanetti",
    ),
    (
        "Marta, Iñigo, Lucía, Sergio, Inês, Rui, Beatriz",
        "Alonso, Barbosa, Carvalho, Castaño, Esteves, Garrido, Ibarra, Lozano, Marques, Navarro, Pacheco, Quintana, "
        "Rebelo, Salgado, Teixeira, Vidal",
    ),
    (
        "Freja, Lars, Astrid, Mikkel, Karin, Emil, Sigrid, Johan",
        "Bergqvist, Christensen, Dahl, Eklund, Falk, Gundersen, Holmberg, Isaksson, Jørgensen, Kjær, Lindahl, "
        "Mikkelsen, Nyström, Rasmussen, Søgaard, Thorsen, Wallin",
    ),
    (
        "Ivana, Goran, Maja, Luka, Andreja, Bojan, Elena, Mihai, Andrei, Zsófia, Bence",
        "Babić, Horvat, Jurić, Kovačić, Marić, Novak, Perić, Zupan, Ionescu, Popa, Munteanu, Stan, Kocsis, Lakatos, "
        "Szabó, Varga",
    ),
    (
        "Emre, Elif, Deniz, Murat, Selin, Yusuf",
        "Aksoy, Arslan, Bayram, Çelik, Demir, Karaca, Korkmaz, Öztürk, Şahin, Yıldız",
    ),
]


def ascii_of(name):
    """A name as an address spells it."""
    letters = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "ı": "i"}
    spelt = name.lower().translate(str.maketrans(letters))
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return "".join(it for it in plain if it.isalpha())


def address(name, domain=DOMAIN):
    first, last = name.split(" ", 1)
    return f"{ascii_of(first)}.{ascii_of(last)}@{domain}"


def names():
    """More names than are needed, in an order without pattern; a first name comes back as late as it can."""
    drawn = []
    for number, (firsts, lasts) in enumerate(NAMES):
        firsts, lasts = firsts.split(", "), lasts.split(", ")
        dice("first names", number).shuffle(firsts)
        drawn += [f"{firsts[at % len(firsts)]} {last}" for at, last in enumerate(lasts)]
    dice("names").shuffle(drawn)
    return iter(drawn)


def start_of(email):
    """A first day at work for two people in five; the others were never entered."""
    of = dice("start", email)
    if of.random() > 0.4:
        return ""
    months = int(of.random() ** 0.6 * 12 * 26)
    return datetime.date(2000 + (months + 7) // 12, (months + 7) % 12 + 1, of.choice((1, 1, 1, 15))).isoformat()


def people():
    """Everyone, as dictionaries with the columns of people.csv."""
    everyone = []

    def add(name, email, side, job, unit, manager, influence, start, end):
        everyone.append(
            {
                "Name": name,
                "Email": email,
                "Side": side,
                "Role": job,
                "Unit code": unit,
                "Manager email": manager,
                "Influence": "" if influence is None else str(influence),
                "Start": start,
                "End": end,
            }
        )

    for name, job, unit, manager, influence, start, end in NAMED:
        above = address(manager) if manager else ""
        add(name, address(name), "IT" if unit == "ITS" else "Business", job, unit, above, influence, start, end)
    fresh = names()
    for unit, job, many, manager in STAFF:
        above = [it["Email"] for it in everyone if it["Unit code"] == unit and it["Role"] == manager]
        above = above or [address(manager)]
        for at in range(many):
            name = next(fresh)
            email = address(name)
            add(name, email, "Business", job, unit, above[at % len(above)], None, start_of(email), "")
    for name, job, domain in CONTACTS:
        add(name, address(name, domain), "Provider", job, "", "", None, "", "")
    units = [it[0] for it in UNITS] + [""]
    everyone.sort(key=lambda it: units.index(it["Unit code"]))
    return everyone


# The answers ---------------------------------------------------------------------------------------------------------

ROUNDS = ("2024", "2025", "2026")
GROUPS = {f"c{number:02}": (number - 1) // 3 for number in range(1, 16)}

# How important the business and IT find each competency; this hardly changes.
IMPORTANCE = {
    "c01": (3.7, 4.0), "c02": (4.6, 4.3), "c03": (3.9, 4.4), "c04": (3.2, 3.7), "c05": (3.8, 3.7),
    "c06": (3.9, 4.5), "c07": (4.2, 3.8), "c08": (3.5, 4.1), "c09": (2.6, 2.8), "c10": (3.7, 4.0),
    "c11": (3.9, 4.3), "c12": (4.5, 4.2), "c13": (4.3, 4.3), "c14": (4.4, 4.5), "c15": (4.5, 3.8),
}  # fmt: skip

# How well they find it done, in the three rounds. IT sees language, projects, processes and results far too well, and
# its own team and its sober look at itself far too badly. Language gets better, urgency a little, costs do not.
DONE = {
    "c01": ((2.6, 2.8, 3.0), (3.0, 3.1, 3.3)),
    "c02": ((2.3, 2.6, 2.8), (2.9, 3.0, 3.1)),
    "c03": ((2.1, 2.3, 2.6), (2.1, 2.3, 2.5)),
    "c04": ((3.0, 3.0, 3.1), (3.3, 3.3, 3.4)),
    "c05": ((2.8, 3.1, 3.2), (3.1, 3.2, 3.2)),
    "c06": ((4.1, 4.1, 4.2), (2.3, 2.3, 2.4)),
    "c07": ((1.9, 2.7, 3.2), (4.0, 4.0, 4.0)),
    "c08": ((1.9, 1.9, 1.9), (2.0, 2.0, 2.0)),
    "c09": ((2.1, 2.2, 2.2), (2.2, 2.3, 2.4)),
    "c10": ((4.0, 4.0, 4.1), (2.4, 2.3, 2.4)),
    "c11": ((2.5, 2.6, 2.8), (2.7, 2.8, 2.8)),
    "c12": ((2.6, 2.8, 3.0), (3.1, 3.2, 3.3)),
    "c13": ((2.4, 2.4, 2.6), (4.0, 3.9, 4.0)),
    "c14": ((2.6, 2.7, 2.9), (4.2, 4.4, 4.4)),
    "c15": ((1.7, 1.8, 2.0), (3.2, 3.5, 3.5)),
}

# Belief, expectation and delivery of the four value propositions, of the business and of IT.
PROPOSITIONS = {
    "foundation": ((4.2, 4.7, 3.6), (4.6, 4.7, 4.3)),
    "efficiency": ((3.9, 4.4, 2.7), (4.3, 4.2, 3.6)),
    "insight": ((3.6, 4.2, 2.5), (4.1, 3.9, 3.2)),
    "growth": ((2.9, 3.1, 1.8), (3.8, 2.6, 2.3)),
}
COLUMNS = ("belief", "expectation", "delivery")

# What leaders believe differs more than what anyone else does: some have seen technology carry a business, some have
# seen it stop a plant.
BELIEF = {
    "Helene Vossberg": 1.0, "Fiona Mulcahy": -0.6, "Pieter van Aerde": -1.2, "Henrik Dahlby": 0.2,
    "Jürgen Kropp": -1.9, "Rolf Stadler": -1.4, "Katarzyna Dudek": 0.1, "Bram Hoekstra": -0.9,
    "Ingrid Sandvik": 0.4, "Matteo Brandolini": 1.3, "Anouk Delvaux": 0.9, "Declan Rooney": -0.3,
    "Giulia Ferrante": 0.8, "Stefan Aigner": 1.4, "Marie Lecomte": 0.6, "Willem Stuyver": -1.5,
    "Agnieszka Wrona": 1.2, "Lukas Benda": 1.8, "Orla Kinsella": -0.9, "Miriam Roth": 0.3, "Saskia Leitner": 0.0,
}  # fmt: skip

# How the units see what is done, in general and where it touches them.
UNIT_EFFECT = {"MAN": 0.3, "CAST": -0.3, "ASM": 0.15, "FLD": -0.3, "FIN": 0.25, "RND": 0.15, "NOR": 0.1, "LOG": -0.1}
TOUCHED = {
    ("FLD", "c14"): -0.6, ("CAST", "c14"): -0.4, ("ASM", "c14"): 0.3, ("LOG", "c13"): -0.4, ("CAST", "c07"): -0.5,
    ("FIN", "c08"): 0.5, ("FIN", "c12"): 0.5, ("NOR", "c07"): 0.3, ("RND", "c10"): 0.2, ("MAN", "c01"): 0.5,
}  # fmt: skip

# The share who cannot judge; most matters are plain to everyone.
UNKNOWN = {"c04": 0.13, "c08": 0.15, "c09": 0.2, "c11": 0.1, "c12": 0.13, "c15": 0.1}


def items():
    """The items of the instrument in the order of its screens: key, label, and the labels of its scale or None."""
    instrument = json.loads(INSTRUMENT.read_text(encoding="utf-8"))
    scales = {it["key"]: [label["en"] for label in it["labels"]] for it in instrument["scales"]}
    found = []
    for section in instrument["sections"]:
        for question in section["questions"]:
            if question["kind"] == "text":
                found.append((question["key"], question["text"]["en"], None))
                continue
            for row in question["rows"]:
                key, text = row["key"], row["text"]["en"]
                for column in question["columns"]:
                    label = f"{text}: {column['text']['en']}"
                    found.append((f"{key}.{column['key']}", label, scales[column["scale"]]))
                if question["comment"]:
                    found.append((f"{key}.comment", f"{text} (comment)", None))
    return found


def typical(person, at, row, column):
    """What someone of this side and unit answers on average."""
    it, unit = person["Side"] != "Business", person["Unit code"]
    if column == "importance":
        return IMPORTANCE[row][it]
    if column == "done":
        # Providers see it from in between.
        middle = (DONE[row][0][at] + DONE[row][1][at]) / 2
        seen = middle if person["Side"] == "Provider" else DONE[row][it][at]
        return seen + UNIT_EFFECT.get(unit, 0) + TOUCHED.get((unit, row), 0)
    seen = PROPOSITIONS[row][it][COLUMNS.index(column)]
    if column == "belief":
        return seen + BELIEF.get(person["Name"], 0)
    return seen + (UNIT_EFFECT.get(unit, 0) if column == "delivery" else 0)


def rating(person, at, key):
    """One answer from 1 to 5, or None: what is typical, one's own way of seeing things, and the mood of the moment."""
    row, column = key.split(".")
    who, of = person["Email"], dice(person["Email"], ROUNDS[at], key)
    unknown = UNKNOWN.get(row, 0.07) * (0.5 if person["Side"] == "IT" or column == "importance" else 1)
    if of.random() < unknown:
        return None
    own = dice(who, column).gauss(0, 0.4)
    about = dice(who, ROUNDS[at], GROUPS.get(row, row)).gauss(0, 0.35)
    value = typical(person, at, row, column) + own + about + of.gauss(0, 0.65)
    return min(5, max(1, round(value)))


def chosen(everyone, on, many, round_name, among=None):
    """Who takes part: so many of each unit, leaders first, the same ones more often than not."""

    def eagerness(person):
        answers = person["Influence"] != "" or person["Name"] in ANSWERING_CONTACTS
        who = person["Email"]
        return answers + 0.7 * dice("eager", who).random() + 0.3 * dice("eager", who, round_name).random()

    here = [it for it in everyone if (it["Start"] or "0") <= on and (it["End"] or "9") >= on]
    here = [it for it in here if among is None or it in among]
    taken = []
    for unit in [*(it[0] for it in UNITS), ""]:
        candidates = sorted((it for it in here if it["Unit code"] == unit), key=eagerness, reverse=True)
        assert len(candidates) >= many[unit], f"{unit} has too few people for {round_name}"
        taken += candidates[: many[unit]]
    return taken


def comments(at, respondents, ratings):
    """Who wrote what: each comment goes to someone of its side whose rating fits, and nobody writes a novel."""
    written = {it["Email"]: {} for it in respondents}
    with (HERE / "source/comments.tsv").open(encoding="utf-8", newline="") as file:
        rows = [it for it in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if it["Round"] == ROUNDS[at]]
    for row in rows:
        key = row["Item"] if row["Item"] == "closing" else f"{row['Item']}.comment"
        wanted = {"-": 1.5, "0": 3, "+": 4.5}[row["Mood"]]

        def distance(person):
            who = person["Email"]
            rated = ratings[who].get(f"{row['Item']}.done") or 3
            many = len(written[who])
            return abs(rated - wanted) + max(0, many - 1) + dice(who, row["Text"]).random()

        free = [it for it in respondents if it["Side"] == row["Side"] and key not in written[it["Email"]]]
        written[min(free, key=distance)["Email"]][key] = row["Text"]
    return written


def answers(at, respondents):
    """What each respondent answers, by address and item."""
    scaled = [key for key, _, scale in items() if scale]
    ratings = {it["Email"]: {key: rating(it, at, key) for key in scaled} for it in respondents}
    written = comments(at, respondents, ratings)
    return {who: ratings[who] | written[who] for who in ratings}


# The files -----------------------------------------------------------------------------------------------------------


def write(name, header, rows, delimiter=",", newline="\n", encoding="utf-8"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    (HERE / name).write_bytes(text.getvalue().encode(encoding))


def write_as_forms(name, opens, respondents, given):
    """A round as Microsoft Forms exports it: texts for everything, in the order in which people handed in."""
    asked = items()
    rows = []
    for person in respondents:
        who = person["Email"]
        of = dice("forms", who)
        # Most answer in the first days, in working hours; a few after each reminder.
        after = min(int(of.expovariate(1 / 4)), 17)
        on = opens + datetime.timedelta(after)
        on += datetime.timedelta(7 - on.weekday() if on.weekday() > 4 else 0)
        began = datetime.datetime.combine(on, datetime.time(7))
        began += datetime.timedelta(seconds=int(of.random() * 10 * 3600))
        ended = began + datetime.timedelta(seconds=int(240 + of.random() * 600))
        says = of.random() < 0.5
        cells = []
        for key, _, scale in asked:
            value = given[who].get(key)
            if scale is None:
                cells.append(value or "")
            elif value is None:
                cells.append("Cannot judge" if says else "")
            else:
                cells.append(scale[value - 1])
        rows.append([str(began), str(ended), who, person["Name"], *cells])
    rows.sort(key=lambda row: row[1])
    header = ["ID", "Start time", "Completion time", "Email", "Name", *(label for _, label, _ in asked)]
    write(name, header, [[at, *row] for at, row in enumerate(rows, 1)], ";", "\r\n", "utf-8-sig")


def write_plainly(name, respondents, given):
    keys = [key for key, _, _ in items()]
    order = sorted(respondents, key=lambda it: dice("order", name, it["Email"]).random())
    # A cell that nobody filled in is empty.
    write(name, ["Email", *keys], [[it["Email"], *map(given[it["Email"]].get, keys)] for it in order])


def read(name, delimiter=","):
    with (HERE / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def make(organisation):
    write("units.csv", ["Code", "Name", "Parent code"], [it[:3] for it in UNITS])
    everyone = people()
    write("people.csv", everyone[0].keys(), [it.values() for it in everyone])

    def quota(column):
        return {it[0]: it[3][column] for it in UNITS} | {"": PROVIDERS[column]}

    for at, survey in enumerate(organisation["surveys"]):
        opens, among = survey["opens"], None
        if "audience" in survey:
            among = chosen(everyone, opens, quota(2), "asked")
            write(survey["audience"], ["Email"], sorted([it["Email"]] for it in among))
        respondents = chosen(everyone, opens, quota(at + (among is not None)), ROUNDS[at], among)
        given = answers(at, respondents)
        if at == 0:
            write_as_forms(survey["answers"], day(opens), respondents, given)
        else:
            write_plainly(survey["answers"], respondents, given)


# The check -----------------------------------------------------------------------------------------------------------


def check(organisation):
    """Reads what is there now, as a stranger would, and stops at the first thing that is wrong."""

    def hold(rule, what):
        if not rule:
            raise SystemExit(f"demo: {what}")

    def resolve(rows, column, known, name):
        for row in rows:
            hold(row[column] == "" or row[column] in known, f"{name}: {column} “{row[column]}” is not known")

    units, everyone = read("units.csv"), read("people.csv")
    actions, assessments = read("actions.csv"), read("assessments.csv")
    by_email = {it["Email"]: it for it in everyone}
    hold(len(by_email) == len(everyone), "an address comes twice")
    hold(len({it["Name"] for it in everyone}) == len(everyone), "a name comes twice")
    resolve(units, "Parent code", {it["Code"] for it in units}, "units.csv")
    resolve(everyone, "Unit code", {it["Code"] for it in units}, "people.csv")
    resolve(everyone, "Manager email", by_email, "people.csv")
    for person in everyone:
        above, steps = person, 0
        while above["Manager email"]:
            above, steps = by_email[above["Manager email"]], steps + 1
            hold(steps < 9, f"{person['Name']} has no end of managers")
        top = person if person["Side"] == "Provider" else by_email[address("Helene Vossberg")]
        hold(above is top, f"{person['Name']} does not report to the chief executive")

    resolve(actions, "Owner email", by_email, "actions.csv")
    for row in assessments:
        hold(row["Good enough"] in ("Yes", "No"), "assessments.csv: Good enough is Yes or No")
        hold(row["Good enough"] == "No" or row["Note"], f"{row['Competency']} is settled without a note")
        # The first cycle is the financial year that starts on 1 July 2024.
        year = day(row["Assessed on"]).year - (day(row["Assessed on"]).month < 7)
        hold(year == 2023 + int(row["Cycle"]), f"{row['Competency']} of cycle {row['Cycle']} is of another year")
    once = {(it["Cycle"], it["Competency"]) for it in assessments}
    hold(len(once) == len(assessments), "a competency is assessed twice in a cycle")

    titles = {"campaign": {it["title"] for it in organisation["surveys"]}, "action": {it["What"] for it in actions}}
    for thread in organisation["threads"]:
        for kind, title in (thread["from"], thread["to"]):
            hold(title in titles.get(kind, {title}), f"no {kind} is called “{title}”")
    for account in organisation["accounts"]:
        is_known = account["email"] in by_email
        hold(is_known == (account["role"] != "consultant"), f"{account['email']} has to be one of the people")
        hold(not is_known or by_email[account["email"]]["Name"] == account["name"], f"{account['name']} is spelt twice")

    print(f"{len(units)} units, {len(everyone)} people, {len(actions)} actions, {len(assessments)} assessments")
    for at, survey in enumerate(organisation["surveys"]):
        check_answers(at, survey, by_email, hold)


def check_answers(at, survey, by_email, hold):
    asked = items()
    rows = read(survey["answers"], ";" if at == 0 else ",")
    header = {key: label if at == 0 else key for key, label, _ in asked}
    respondents = [it["Email"] for it in rows]
    hold(len(set(respondents)) == len(rows), f"{survey['answers']}: someone answered twice")
    hold(all(it in by_email for it in respondents), f"{survey['answers']}: someone is not known")
    if "audience" in survey:
        audience = {it["Email"] for it in read(survey["audience"])}
        hold(audience <= by_email.keys(), f"{survey['audience']}: someone is not known")
        hold(audience >= set(respondents), f"{survey['answers']}: someone was not asked")

    def values(key, side=None):
        scale = next(scale for name, _, scale in asked if name == key)
        cells = [it[header[key]] for it in rows if side in (None, by_email[it["Email"]]["Side"])]
        told = [it for it in cells if it not in ("", "Cannot judge")]
        return [scale.index(it) + 1 if at == 0 else int(it) for it in told]

    def mean(key, side):
        found = values(key, side)
        return sum(found) / len(found)

    gaps = {row: mean(f"{row}.done", "IT") - mean(f"{row}.done", "Business") for row in DONE}
    # A third of the scale is what the results call a blind spot or a hidden strength.
    wide = [row for row, gap in gaps.items() if gap >= 4 / 3], [row for row, gap in gaps.items() if gap <= -4 / 3]
    story = (["c07", "c13", "c14", "c15"], ["c06", "c10"])
    hold(not survey["closed"] or wide == story, f"{survey['answers']}: the gaps tell another story: {wide}")

    scaled = [key for key, _, scale in asked if scale]
    told = sum(len(values(key)) for key in scaled)
    missing = 1 - told / len(scaled) / len(rows)
    hold(0.05 < missing < 0.12, f"{survey['answers']}: {missing:.0%} cannot judge")
    words = [it[header[key]] for it in rows for key, _, scale in asked if scale is None and it[header[key]]]
    hold(len(set(words)) == len(words), f"{survey['answers']}: a comment comes twice")
    sides = [by_email[it]["Side"] for it in respondents]
    hold((sides.count("IT"), sides.count("Provider")) == (9, 3), f"{survey['answers']}: the sides are others")
    print(f"{survey['answers']}: {len(rows)} answers, {len(words)} comments, {missing:.1%} cannot judge")
    for row in DONE:
        business, it = mean(f"{row}.done", "Business"), mean(f"{row}.done", "IT")
        importance = mean(f"{row}.importance", "Business")
        print(f"  {row}  importance {importance:.2f}  business {business:.2f}  IT {it:.2f}  gap {gaps[row]:+.2f}")
    for row in PROPOSITIONS:
        print(f"  {row:10}", *(f"{column} {mean(f'{row}.{column}', 'Business'):.2f}" for column in COLUMNS), sep="  ")


if __name__ == "__main__":
    with (HERE / "organisation.toml").open("rb") as file:
        ORGANISATION = tomllib.load(file)
    make(ORGANISATION)
    check(ORGANISATION)
