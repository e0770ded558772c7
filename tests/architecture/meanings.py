"""What each key of a city's files means, where the file itself has no place to say it. Read by the drawn paper."""

from __future__ import annotations

from collections.abc import Mapping

_SAID: Mapping[str, str] = {
    "Limit": "amount how many | unit of which unit",
    "Numbering": "prefix letters and digits at the beginning | "
    "pattern text with {prefix} {region} {date} {seq:06d}, at "
    "most 18 characters when filled | reset when the running number begins again: day, month, year, never | "
    "region the authority's six-digit code; filled in by itself",
    "Satisfaction": "code never changes, answers keep it | name as residents hear it | name_en the same in English | "
    "satisfied is this answer counted as satisfied?",
    "Callback": "scale the answers that a resident may give, best first",
    "Urgency": "code normal, urgent or critical | name as people read it | name_en the same in English | "
    "phone_at_once never waits in a queue: the unit is telephoned too | words what suggests it in a resident's words",
    "Role": "code never changes, units and matters keep it | name as people read it | name_en the same in English | "
    "kind department, utility, supplier … | levels where such units stand | "
    "shares_with roles with neighbouring duties | "
    "leads yes, no, or guidance: nothing is dispatched | note what it does and does not do",
    "Matter": "code seven digits: class, class below, leaf; used once for ever | level1 class | level2 class below | "
    "level3 the matter itself | level1_en class in English | level2_en class below in English | "
    "level3_en the matter in English | kinds which kinds of appeals it takes | lead_role who answers for it | "
    "assist_roles who helps | answerable_level the lowest level that may lead | "
    "grassroots_ok may a town or community lead? otherwise the law refuses it, with this row as the reason | "
    "place_needed is it about a place? | urgency how urgent it is, if nothing else is said | "
    "safety is somebody's safety in question? | season when it is frequent | "
    "weather_driver the weather that brings it | "
    "days working days for a reply, where the city lets matters shorten the limit of the kind | "
    "duty who must do what by which law | closing_standard when it counts as done | "
    "keywords six to fifteen words that people use for it | confusable_with neighbours, each of which names this one | "
    "source_note where the row comes from",
    "Channel": "code one of the trade's seventeen | name as people read it | name_en the same in English | "
    "open has this city opened it? | note how it comes in",
    "Line": "number the old number | name whose it was | name_en the same in English | "
    "mode whole, double number, sub-centre | status open, merged, stopped | role_code who stands behind it | "
    "notice what its callers are told",
    "Route": "code which way | name as people read it | name_en the same in English | words what the caller is told | "
    "words_en the same in English | number where to transfer to, if anywhere",
    "Exit": "code which exit | name as people read it | name_en the same in English | words what the caller is told | "
    "words_en the same in English | routes the ways that it leads",
    "Template": "code when it is sent | zh the text, with {slots} | en the same in English | "
    "sms must it fit one text message?",
    "Rulebook": "source the city's document | valid_from the first day that these rules hold | "
    "grid_digits length of a grid's code | remarks which document, or which kind of rule, single keys follow",
    "ClockRule": "name what other layers replace it by | clock which clock | "
    "limit how long, or none to drop the rule | "
    "kind only appeals of this kind | urgency only orders this urgent | channel only what came by this channel | "
    "matter only matters whose code begins so | source the document behind it | "
    "level only where a unit of this level leads",
    "Clocks": "source the document behind the limits | rules the limits, by name",
    "CalendarYear": "provisional are its make-up days still unpublished? | source the notice | "
    "open weekend days on which offices work | closed further days off",
    "PublicDays": "free public holidays | exchanged weekend days worked for them",
    "CalendarTable": "hours office hours, part by part | years what is known of single years | "
    "public public holidays; written down when the rules are published | "
    "duty hours of the duty roster on every day; none: around the clock",
    "Area": "code 6, 9 or 12 digits | name as people read it | name_en the same in English | "
    "level province, city, county, town, community | parent_code the area around it | note where it comes from",
    "Unit": "code never changes; a grid's is its grid code | name as people read it | name_en the same in English | "
    "role_code what it answers for | level where it stands | kind what sort of body it is | "
    "area_code where its seat is | "
    "parent_code the unit above it; a county's units hang below the county's hotline centre | "
    "service_area_codes what it serves | phone its number | illustrative is it an example? | note where it comes from",
    "Phrase": "matter_code what it is about | register how it is said | kind what the caller wants | "
    "text the words, with {slots} | extra_matter_code a second matter in the same words",
    "ReplyExample": "matter_code what it is about | quality good or bad | label what is wrong with it | "
    "text the reply | "
    "reason why it is good or bad",
    "KnowledgeEntry": "question as people ask it | alternatives other ways to ask | answer what is answered | "
    "matter_code what it is about | owner_role who confirms it | audience residents or enterprises | "
    "valid_from since when it holds | review_months how often the owner confirms it | "
    "source_type what it was drawn from",
    "City": "folder the folder of its files | code the authority's six-digit code | name as people read it | "
    "name_en the same in English | province_code the province that it lies in | province its name | "
    "fictional is it invented? | shapes areas.geojson, where there is one | level city or province | "
    "above the province of `province_pack`",
}


def _spread() -> dict[str, str]:
    found = {}
    for shape, said in _SAID.items():
        for part in said.split(" | "):
            name, _, meaning = part.strip().partition(" ")
            found[f"{shape}.{name}"] = meaning
    return found | {
        f"City.{key.partition('.')[2]}": words for key, words in found.items() if key.startswith("Rulebook.")
    }


MEANINGS: Mapping[str, str] = _spread()
