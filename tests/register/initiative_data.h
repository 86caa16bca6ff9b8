/* A small programme of initiatives, told by hand in test_frame_initiatives.c. */
#ifndef FM_TESTS_REGISTER_INITIATIVE_DATA_H
#define FM_TESTS_REGISTER_INITIATIVE_DATA_H

#include "register/frame_data.h"

static const source initiatives_by_hand[] = {
    {"persons", "person_id,observed_from,observed_to,unemployed_since,sex\n"
                "A,,,,f\nB,,,,m\nC,2024-01-01,,,f\nD,2024-01-01,,2022-05-01,m\nE,,,,f\nF,,,,m\nG,,,,f\nH,,,,m\nJ,,,,f\n"
                "K,,2024-03-31,,m\n"},
    {"spells", "person_id,state,start,end\n"
               "A,unemployment_benefit,2023-01-01,2024-02-29\n"
               "B,cash_benefit,2023-12-01,\n"
               "C,cash_benefit,2023-10-01,\n"
               "D,cash_benefit,2024-01-01,\n"
               "K,cash_benefit,2022-01-01,\n"},
    {"employers", "employer_id,sector,headcount\nE1,private,40\nE2,public,900\nE3,private,\n"},
    {"initiatives", "initiative_id,kind,start,end,eligibility\n"
                    "I,task_force,2024-01-01,,unemployed_days >= 365\n"
                    "L,task_force,2024-09-01,,unemployed_days >= 365\n"
                    "N,training,2024-01-01,,\n"
                    "Z,training,2024-01-01,2024-04-30,unemployed_days < 0 & sex = female\n"},
    {"members", "initiative_id,employer_id,joined_on,left_on\n"
                "I,E1,2024-02-01,\nI,E3,2024-01-01,2024-01-31\nI,E1,2023-01-01,2023-12-31\nI,E2,2024-08-01,\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end,hours_per_week,initiative_id\n"
                   "1,A,E1,ordinary,2024-03-01,,37,I\n"
                   "2,B,E2,ordinary,2024-06-01,,20,\n"
                   "3,G,E2,internship,2024-04-01,2024-04-30,30,I\n"
                   "4,H,,fleksjob,2024-01-15,2024-02-10,,I\n"
                   "5,H,E1,wage_subsidy,2024-01-20,2024-03-15,0,I\n"
                   "6,H,E3,fleksjob,2024-06-20,,8,I\n"
                   "7,E,E1,ordinary,2024-07-01,,37,I\n"},
    {"participants",
     "initiative_id,person_id,applied_on,referred_on,invited_on,first_contact_on,joined_on,left_on,decision\n"
     "I,A,,2024-01-10,,2024-01-20,2024-02-01,,accepted\n"
     "I,B,,,2024-02-01,,2024-02-10,2024-03-01,accepted\n"
     "I,B,,,,,2024-05-01,,\n"
     "I,F,2024-01-05,,,,2024-01-09,,declined\n"
     "I,H,2024-01-02,2024-01-04,,2024-01-03,2024-01-10,2024-06-15,accepted\n"
     "I,J,2024-08-01,2024-08-01,,,,,\n"
     "L,J,2024-06-01,,,,,,rejected\n"},
};
#define BY_HAND initiatives_by_hand, FM_COUNT(initiatives_by_hand)

#endif
