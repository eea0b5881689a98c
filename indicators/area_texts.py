"""What is said of a fault in the register's files, by rule: Vietnamese, English; names in braces are facts."""

from __future__ import annotations

from collections.abc import Mapping

AREA_FAULTS: Mapping[str, tuple[str, str]] = {
    "area.none": (
        "không có địa bàn nào; hãy thêm ít nhất một dòng",
        "there is no area; add at least one row",
    ),
    "area.empty": (
        "ô '{column}' trống; ô này bắt buộc",
        "the cell '{column}' is empty and must be filled",
    ),
    "area.code-shape": (
        "'{found}' không phải là mã; mã chỉ gồm chữ cái không dấu, chữ số và . _ -",
        "'{found}' is not a code; a code has plain letters, digits and . _ - only",
    ),
    "area.word-shape": (
        "'{found}' không hợp lệ; hãy dùng chữ không dấu, chữ số, _ và - (ví dụ: commune, thi_tran)",
        "'{found}' is not valid; use plain letters, digits, _ and - (for example: commune, thi_tran)",
    ),
    "area.day": (
        "'{found}' không phải là ngày; hãy viết năm-tháng-ngày, ví dụ 2025-07-01",
        "'{found}' is not a day; write year-month-day, for example 2025-07-01",
    ),
    "area.ends-before": (
        "valid_to {end} không sau valid_from {start}; valid_to là ngày đầu tiên không còn hiệu lực",
        "valid_to {end} is not after valid_from {start}; valid_to is the first day no longer in force",
    ),
    "area.not-listed": (
        "{column} '{found}' không có trong danh sách; hãy dùng một trong: {allowed}",
        "{column} '{found}' is not known; use one of: {allowed}",
    ),
    "area.duplicate": (
        "mã {code} đã có phiên bản bắt đầu ngày {start} ở dòng {other}; hãy xoá một dòng",
        "code {code} already has a version from {start} in line {other}; delete one of them",
    ),
    "area.overlap": (
        "phiên bản của mã {code} từ {start} chồng lên phiên bản ở dòng {other} (đến {end}); "
        "mỗi ngày một mã chỉ có một nghĩa, hãy sửa valid_to của dòng {other}",
        "the version of code {code} from {start} overlaps the one in line {other} (until {end}); "
        "a code means one area on a day: correct valid_to of line {other}",
    ),
    "area.parent": (
        "cấp trên '{parent}' không có hiệu lực ngày {day}; hãy sửa cột parent hoặc thêm địa bàn đó{hint}",
        "the parent '{parent}' is not in force on {day}; correct it or add that area{hint}",
    ),
    "area.parent-level": (
        "cấp trên '{parent}' cùng cấp '{level}' với địa bàn này; cấp trên phải ở cấp cao hơn",
        "the parent '{parent}' is of the same level '{level}'; a parent must be of a higher level",
    ),
    "area.parent-circle": (
        "mã {code} nằm trong một vòng cấp trên: {circle}; hãy sửa cột parent",
        "code {code} is in a circle of parents: {circle}; correct the parents",
    ),
    "area.ended": (
        "{code} hết hiệu lực ngày {day}, không có phiên bản tiếp theo, và changes.csv không có dòng nào từ {code} ngày"
        " đó: lãnh thổ của {code} sẽ biến mất. Hãy thêm dòng từ {code} sang địa bàn nhận (đất rời đi có chủ ý: để trống"
        " to_code), hoặc sửa valid_to",
        "{code} ends on {day} without a next version, and changes.csv has no row from {code} on that day: its territory"
        " would vanish. Add a row from {code} to the area that got it (to_code empty: land that leaves on purpose), or"
        " correct valid_to",
    ),
    "area.ended-no-changes": (
        "không có changes.csv, mà {count} địa bàn hết hiệu lực ngày {day} không có phiên bản tiếp theo (đầu tiên:"
        " {code}): lãnh thổ của chúng sẽ biến mất. Hãy thêm changes.csv nói đất của từng địa bàn đi đâu",
        "there is no changes.csv, and {count} areas end on {day} without a next version (the first: {code}): their"
        " territory would vanish. Add changes.csv, which tells where the land of each one went",
    ),
    "area.ended-rest": (
        "{code} hết hiệu lực ngày {day}, mọi dòng từ {code} ngày đó đều có part, mà {code} còn giữ đất khác: phần đó sẽ"
        " biến mất. Hãy thêm một dòng không có part từ {code} cho phần còn lại, hoặc sửa các part",
        "{code} ends on {day}, all rows from {code} on that day have a part, and it holds other land as well, which"
        " would vanish. Add a row from {code} without a part for the rest, or correct the parts",
    ),
    "change.no-code": (
        "from_code và to_code đều trống; cần ít nhất một mã",
        "from_code and to_code are both empty; at least one code is due",
    ),
    "change.from": (
        "mã '{code}' không có hiệu lực ngày {day}, một ngày trước thay đổi{hint}",
        "code '{code}' is not in force on {day}, the day before the change{hint}",
    ),
    "change.to": (
        "mã '{code}' không có hiệu lực ngày {day}, ngày thay đổi{hint}",
        "code '{code}' is not in force on {day}, the day of the change{hint}",
    ),
    "change.duplicate": (
        "dòng này lặp lại thay đổi ở dòng {other}; hãy xoá một dòng",
        "this row repeats the change of line {other}; delete one of them",
    ),
    "change.not-lowest": (
        "'{code}' có địa bàn cấp dưới ngày {day}; hãy ghi thay đổi ở cấp thấp nhất, theo từng địa bàn cấp dưới",
        "'{code}' has areas below it on {day}; give the change at the lowest level, area by area",
    ),
    "change.part-shape": (
        "part '{found}' không đúng dạng MÃ@NGÀY, ví dụ 00001@2025-06-30",
        "part '{found}' is not CODE@DAY, for example 00001@2025-06-30",
    ),
    "change.part-later": (
        "part '{found}' nói về ngày không trước ngày thay đổi {day}; phải là một ngày trước đó",
        "part '{found}' is of a day that is not before the change on {day}; name an earlier day",
    ),
    "change.part-unknown": (
        "part '{found}': mã '{code}' không có hiệu lực ngày {day}{hint}",
        "part '{found}': code '{code}' is not in force on {day}{hint}",
    ),
    "change.part-elsewhere": (
        "part '{found}': ngày {day} không có gì của nó nằm trong {code} (nó nằm trong: {places}); hãy sửa part hoặc"
        " from_code",
        "part '{found}': nothing of it lies in {code} on {day} (it lies in: {places}); correct the part or from_code",
    ),
    "change.part-new-land": (
        "dòng có part phải có from_code: phần đất được gọi lại đang nằm trong một địa bàn",
        "a row with a part needs a from_code: the land that is called back lies in some area",
    ),
    "weight.both": (
        "có cả value và share; chỉ được ghi một trong hai",
        "both value and share are given; give one of them",
    ),
    "weight.neither": (
        "thiếu cả value lẫn share; hãy ghi một trong hai",
        "neither value nor share is given; give one of them",
    ),
    "weight.number": (
        "'{found}' không phải là số; hãy dùng chữ số và dấu chấm thập phân, ví dụ 0.25",
        "'{found}' is not a number; use digits and a decimal point, for example 0.25",
    ),
    "weight.negative": (
        "value {value} âm; lượng của một phần không thể âm",
        "value {value} is negative; a piece cannot carry less than nothing",
    ),
    "weight.share-range": (
        "share {share} nằm ngoài 0..1; share là tỷ lệ của from_code, không phải phần trăm",
        "share {share} is outside 0..1; it is a fraction of from_code, not a percentage",
    ),
    "weight.share-sum": (
        "tổng share của {code} ngày {day} theo {basis} là {total}, quá 1; hãy kiểm tra các dòng của mã này",
        "the shares of {code} on {day} by {basis} add up to {total}, over 1; check the rows of this code",
    ),
    "weight.share-short": (
        "mọi phần của {code} ngày {day} đều có share theo {basis} nhưng cộng lại chỉ được {total}; hãy sửa cho đủ 1,"
        " hoặc bỏ dòng chưa biết",
        "every piece of {code} on {day} has a share by {basis}, and they add up to {total} only; make them 1, or leave"
        " out what is not known",
    ),
    "weight.no-change": (
        "không có thay đổi {code} -> {to} ngày {day} trong changes.csv; hãy sửa mã, ngày hoặc thêm thay đổi",
        "changes.csv has no change {code} -> {to} on {day}; correct the codes or the day, or add the change",
    ),
    "weight.duplicate": (
        "dòng này lặp lại dòng {other} (cùng ngày, mã, basis và quality); hãy xoá một dòng",
        "this row repeats line {other} (same day, codes, basis and quality); delete one of them",
    ),
    "weight.basis-shape": (
        "basis '{found}' không hợp lệ; hãy dùng population, area, households hoặc mã của một đại lượng",
        "basis '{found}' is not valid; use population, area, households or the id of a measure",
    ),
}
