"""Sessions by code as the School Census holds them."""

HEAD = "pupilonrolltableid,NativeId,termlysessiondetailsonrolltableid,sourceid,sessions,attendancereason\n"
SESSIONS = HEAD + "".join(
    f"{pupil},S,t,s,{count},{code}\n"
    for pupil, code, count in [
        ("p1", "/", "48.0"), ("p1", "\\", "40.0"), ("p1", "B", "2"), ("p1", "I", "7"), ("p1", "U", "3"),
        ("p1", "Y1", "5"), ("p1", "H", "1"),
        ("p2", "/", "27"), ("p2", "C2", "3"),
    ]
)  # fmt: skip
