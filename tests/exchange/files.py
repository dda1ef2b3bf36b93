"""Small invented files in the shapes of the usual sources."""

from pathlib import Path

SEATS = """ons_id,constituency_name,region_name,country_name,declaration_time,result,first_party,\
second_party,electorate,valid_votes,invalid_votes,majority,con,lab,other
X1,Upper Vale,North,England,2031-05-02 01:30:00,Lab hold,Lab,Con,70000,40000,100,2000,19000,21000,0
X2,"Lower Vale, East",North,England,03/05/2031 00:15,Con gain from Lab,Con,Lab,60000,30000,,500,\
14000,13500,2500
"""
CANDIDATES = """ons_id,constituency_name,region_name,country_name,party_name,party_abbreviation,\
firstname,surname,sitting_mp,votes
X1,Upper Vale,North,England,Labour,Lab,Ann,Hall,Yes,21000
X1,Upper Vale,North,England,Conservative,Con,Bob,Rice,No,19000
X2,"Lower Vale, East",North,England,Conservative,Con,Cat,Moss,No,14000
X2,"Lower Vale, East",North,England,Labour and Co-operative,Lab,Dan,Reed,Yes,"13,500"
X2,"Lower Vale, East",North,England,Independent,Ind,Eve,Lane,No,1500
X2,"Lower Vale, East",North,England,Independent,Ind,Fay,Dale,No,1000
"""
NEWER_SEATS = """\ufeffONS ID,ONS region ID,Constituency name,County name,Region name,Country name,\
Constituency type,Declaration time,Member first name,Member surname,Member gender,Result,\
First party,Second party,Electorate,Valid votes,Invalid votes,Majority,Con,Lab,LD,RUK,Green,SNP,PC,\
DUP,SF,SDLP,UUP,APNI,All other candidates,Of which other winner
X1,R1,Upper Vale,Shire,North,England,County,,Ann,Hall,Female,RUK gain from Lab,RUK,Lab,70000,40000,\
100,2000,0,19000,0,21000,0,0,0,0,0,0,0,0,0,0
"""
NEWER_CANDIDATES = """\ufeffConstituency name,ONS ID,Region name,Country name,Party name,\
Party abbreviation,Electoral Commission party ID,Candidate first name,Candidate surname,Sitting MP,\
Former MP,Member MNIS ID,Votes,Share,Change,DC Person ID
Upper Vale,X1,North,England,Reform UK,RUK,PP7931,Ann,Hall,No,No,,21000,0.525,,101
Upper Vale,X1,North,England,Labour,Lab,PP53,Bob,Rice,Yes,Yes,4321,19000,0.475,-0.1,102
"""
NOMINATIONS = """id,name,election,party_id,party_name,post_id,post_label,election_date,gss_code
11,Tom Crone,parl.2031,party:63,Green Party,WMC:E14000793,"Vale, Riverside",2031-05-02,
12,Ann Hall,parl.2031,party:53,Labour Party,WMC:E14000793,"Vale, Riverside",2031-05-02,
13,Bob Abbot,parl.2031,ynmp-party:2,Independent,WMC:E14000793,"Vale, Riverside",2031-05-02,
14,Cat Moss,parl.2031,joint-party:53-119,Labour and Co-operative Party,WMC:W07000064,Môr,2031-05-02,
"""
NEWER_NOMINATIONS = """person_id,person_name,election_id,ballot_paper_id,election_date,party_name,\
party_id,party_description_text,sopn_last_name,sopn_first_names,gss,post_id,post_label,nuts1,\
seats_contested,cancelled_poll
21,Zoe Archer,local.2031,local.vale.east.2031,2031-05-02,Green Party,PP63,Vote Green,ARCHER,Zoe,\
E05000001,E05000001,East Ward,South East,2,False
22,Al Baker,local.2031,local.vale.east.2031,2031-05-02,Labour Party,PP53,,BAKER,Al,E05000001,\
E05000001,East Ward,South East,2,False
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path
