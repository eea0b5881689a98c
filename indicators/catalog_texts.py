"""What is said of definitions that do not fit together: by rule, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

THINGS: Mapping[str, tuple[str, str]] = {
    "measure": ("đại lượng", "measure"),
    "indicator": ("chỉ tiêu", "indicator"),
    "unit": ("đơn vị tính", "unit"),
    "level": ("cấp đơn vị hành chính", "level of area"),
    "codelist": ("danh mục", "code list"),
    "code": ("mã", "code"),
    "dimension": ("phân tổ", "dimension"),
    "weight": ("cơ sở chia", "weight basis"),
    "calendar": ("lịch báo cáo", "calendar"),
    "period": ("loại kỳ", "kind of period"),
    "area": ("mã địa bàn", "area code"),
    "column": ("cột", "column"),
}

CATALOG_TEXTS: Mapping[str, tuple[str, str]] = {
    "file.no-catalog": (
        "không có thư mục này; hãy kiểm tra --workspace hoặc tạo bằng 'chitieu init'",
        "there is no such folder; check --workspace, or make one with 'chitieu init'",
    ),
    "file.place": (
        "'{id}' phải nằm ở {due}; hãy đổi tên tệp hoặc sửa id",
        "'{id}' belongs in {due}; rename the file or correct the id",
    ),
    "file.extension": (
        "tệp .yml không được đọc; hãy đổi đuôi thành .yaml",
        "a .yml file is not read; rename it to .yaml",
    ),
    "file.unknown-folder": (
        "thư mục này không được đọc; {guess_vi}",
        "this folder is not read; {guess_en}",
    ),
    "file.duplicate-id": (
        "id '{id}' đã có ở {first}; mỗi id chỉ dùng một lần, hãy đổi một trong hai",
        "id '{id}' is already used in {first}; an id is used once: change one of the two",
    ),
    "codelist.name": (
        "tên tệp danh mục phải có dạng CL_TEN.csv; hãy đổi tên",
        "a code list's file is named like CL_NAME.csv; rename it",
    ),
    "codelist.empty": ("danh mục chưa có mã nào; hãy thêm ít nhất một dòng", "no codes; add at least one row"),
    "codelist.no-code": (
        "thiếu {column}; hãy điền vào ô này",
        "{column} is missing; fill the cell",
    ),
    "codelist.code-form": (
        "mã '{code}' chỉ được gồm chữ cái không dấu, số và _ . + -",
        "code '{code}' may hold plain letters, digits and _ . + - only",
    ),
    "codelist.duplicate": (
        "mã '{code}' đã có ở dòng {first}; hãy bỏ bớt một dòng",
        "code '{code}' already stands in line {first}; remove one of the two",
    ),
    "codelist.parent": (
        "mã cha '{parent}' của '{code}' không có trong danh mục hoặc quay vòng; hãy sửa mã cha",
        "parent '{parent}' of '{code}' is not in the list, or leads back to it; correct the parent",
    ),
    "unit.dimension": (
        "thứ nguyên '{dimension}' không đọc được; hãy viết như person, vnd/person hoặc km^2",
        "the dimension '{dimension}' cannot be read; write it like person, vnd/person or km^2",
    ),
    "reference.unknown": (
        "không có {thing_vi} '{name}'{where_vi}; {guess_vi}",
        "there is no {thing_en} '{name}'{where_en}; {guess_en}",
    ),
    "measure.mean-by": (
        "'{by}' không làm quyền số được vì không cộng theo địa bàn (rule: {rule}); hãy chọn đại lượng "
        "có areas: {{rule: sum}}",
        "'{by}' cannot weigh a mean because it does not add up over areas (rule: {rule}); choose one with areas: "
        "{{rule: sum}}",
    ),
    "measure.mean-by-level": (
        "'{by}' chỉ thu thập ở cấp {level}, không có ở cấp {own} để làm quyền số; hãy chọn đại lượng chi tiết hơn",
        "'{by}' is collected at level {level} only and cannot weigh values of level {own}; choose a finer one",
    ),
    "measure.counts-above": (
        "không thể đếm địa bàn cấp {level} trong một địa bàn cấp {own}; hãy sửa counts hoặc level",
        "areas of level {level} cannot be counted within one of level {own}; correct counts or level",
    ),
    "measure.counts-sum": (
        "số lượng địa bàn (counts) thì phải cộng được: areas: {{rule: sum}}, không phải {rule}",
        "a number of areas (counts) adds up: areas: {{rule: sum}}, not {rule}",
    ),
    "measure.counts-split": (
        "đại lượng đếm số địa bàn cấp {level}, mà một phần địa bàn không phải là địa bàn; hãy bỏ split hoặc ghi refuse",
        "the measure counts areas of level {level}, and a piece of an area is none; leave split out or write refuse",
    ),
    "measure.counterpart-name": (
        "'{name}' đã có nghĩa khác; hãy đặt tên khác cho cột địa bàn đối ứng, ví dụ ref_area_to",
        "'{name}' already means something else; name the column of the other area differently, such as ref_area_to",
    ),
    "measure.flow-sum": (
        "luồng giữa các địa bàn (internal_flow) thì phải cộng được: areas: {{rule: sum}}, không phải {rule}",
        "moves between areas (internal_flow) add up: areas: {{rule: sum}}, not {rule}",
    ),
    "indicator.level-twice": ("cấp '{level}' ghi hai lần; hãy bỏ bớt", "level '{level}' is listed twice; remove one"),
    "indicator.versions-order": (
        "phiên bản phải xếp theo ngày tăng dần; {day} không sau {before}, hãy xếp lại hoặc sửa ngày",
        "versions go from oldest to newest; {day} is not after {before}: reorder them or correct the day",
    ),
    "indicator.undeclared-input": (
        "công thức dùng '{name}' nhưng inputs không khai báo; hãy thêm vào, {guess_vi}",
        "the formula uses '{name}', which is not listed under inputs; add it, or {guess_en}",
    ),
    "indicator.unused-input": (
        "biến '{name}' khai báo mà công thức không dùng; hãy bỏ đi hoặc sửa công thức",
        "input '{name}' is not used by the formula; remove it or correct the formula",
    ),
    "indicator.formula-condition": (
        "công thức này là một điều kiện, không ra số; hãy dùng CASE WHEN … THEN … END",
        "this formula is a condition and gives no number; use CASE WHEN … THEN … END",
    ),
    "indicator.partial-not-additive": (
        "'partial' chỉ dùng khi công thức cộng các biến lại: ở đây các biến có thể mới được báo cáo cho những địa bàn "
        "khác nhau, nên kết quả vô nghĩa; hãy dùng blank hoặc carry_forward",
        "'partial' is for formulas that only add inputs up: here the inputs may have been reported for different "
        "areas, and the result would mean nothing; use blank or carry_forward",
    ),
    "indicator.unfixed-dimension": (
        "phân tổ '{dimension}' của {measure} không cộng được; hãy chọn một mã: where: {{{dimension}: {code}}}",
        "dimension '{dimension}' of {measure} does not add up; choose one code: where: {{{dimension}: {code}}}",
    ),
    "indicator.level-below": (
        "không thể công bố ở cấp {level}: {measure} chỉ thu thập ở cấp {own}; hãy bỏ cấp này "
        "hoặc thu thập chi tiết hơn",
        "cannot be published at level {level}: {measure} is collected at level {own} only; remove the level, or "
        "collect in finer detail",
    ),
    "indicator.level-above": (
        "không thể công bố ở cấp {level}: {measure} không gộp được từ cấp {own} lên; hãy bỏ cấp này",
        "cannot be published at level {level}: {measure} cannot be combined upwards from level {own}; remove the level",
    ),
    "model.item-column": (
        "bảng dài có nhiều mục phải có cột cho biết mục; hãy thêm item: {{column: …}}",
        "a long table with several items needs a column that names them; add item: {{column: …}}",
    ),
    "model.item-name": (
        "tên mục trống chỉ dùng cho bảng dài có một mục; hãy viết tên cột hoặc mã mục",
        "an empty item name is for a long table with one item; write the column or the item's code",
    ),
    "model.dimension-twice": (
        "phân tổ '{dimension}' vừa lấy từ cột '{column}' vừa cố định cho mục này; hãy bỏ một trong hai",
        "dimension '{dimension}' comes from column '{column}' and is also fixed for this item; remove one of the two",
    ),
    "model.dimension-unused": (
        "không đại lượng nào trong items có phân tổ '{dimension}'; hãy bỏ hoặc sửa tên",
        "no measure under items has the dimension '{dimension}'; remove it or correct its name",
    ),
    "model.min-max": (
        "min {low} lớn hơn max {high}; hãy đổi lại",
        "min {low} is greater than max {high}; correct them",
    ),
    "model.area-basis": (
        "không có đơn vị hành chính nào có hiệu lực ngày {day} trong areas.csv; hãy sửa ngày",
        "no area of areas.csv is in force on {day}; correct the day",
    ),
    "model.rule-number": (
        "quy tắc này ra một số, không phải đúng hay sai; hãy viết một phép so sánh, ví dụ a = b + c",
        "this rule gives a number, not true or false; write a comparison, such as a = b + c",
    ),
    "model.rule-id": ("mã quy tắc '{id}' dùng hai lần; hãy đổi một", "rule id '{id}' is used twice; change one"),
    "calendar.timezone": (
        "không có múi giờ '{name}'; hãy dùng Asia/Ho_Chi_Minh",
        "there is no time zone '{name}'; use Asia/Ho_Chi_Minh",
    ),
    "report.indicator-level": (
        "chỉ tiêu '{id}' không công bố ở cấp {level} (chỉ có: {levels}); hãy đổi cấp hoặc bỏ cột",
        "indicator '{id}' is not published at level {level} (only: {levels}); change the level or remove the column",
    ),
    "report.column-twice": (
        "cột '{id}' có hai lần; hãy bỏ bớt một",
        "column '{id}' stands here twice; remove one",
    ),
}
