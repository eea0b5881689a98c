"""What a file or a row that cannot be read is told: what is wrong, and what to do, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

SOURCE_TEXTS: Mapping[str, tuple[str, str]] = {
    "source.no-file": (
        "không có tệp này; kiểm tra đường dẫn",
        "there is no such file; check the path",
    ),
    "source.folder": (
        "đây là thư mục, không phải tệp; hãy nêu từng tệp trong đó",
        "this is a folder, not a file; name the files in it",
    ),
    "source.unreadable": (
        "không mở được tệp ({why}); kiểm tra quyền đọc",
        "the file cannot be opened ({why}); check the permission to read it",
    ),
    "source.extension": (
        "không biết loại tệp «{found}»; dùng .csv, .xlsx hoặc .parquet",
        "unknown kind of file '{found}'; use .csv, .xlsx or .parquet",
    ),
    "source.wrong-extension": (
        "tên tệp là {named} nhưng nội dung là {found}; đổi đuôi tệp hoặc lưu lại đúng loại",
        "the file is named {named} but holds {found}; rename it or save it as what it is named",
    ),
    "source.empty": (
        "tệp rỗng; cần một dòng tiêu đề và các dòng số liệu",
        "the file is empty; it needs a header and rows of figures",
    ),
    "source.header-only": (
        "tệp chỉ có dòng tiêu đề, không có số liệu; kiểm tra lại tệp đã xuất",
        "the file has a header and no rows; check the export",
    ),
    "source.nul": (
        "tệp có byte NUL: tệp hỏng hoặc không phải văn bản; hãy xuất lại",
        "the file holds a NUL byte: it is damaged or no text; export it again",
    ),
    "source.utf-16": (
        "tệp dùng bảng mã UTF-16; trong Excel hãy lưu lại là «CSV UTF-8»",
        "the file is in UTF-16; save it again as 'CSV UTF-8' in Excel",
    ),
    "source.encoding": (
        "tệp không phải UTF-8 (byte thứ {byte}), có lẽ là {guess}; hãy lưu lại là «CSV UTF-8»",
        "the file is not UTF-8 (byte {byte}), probably {guess}; save it again as 'CSV UTF-8'",
    ),
    "source.bom": (
        "tệp bắt đầu bằng dấu BOM; các dòng vẫn được đọc, nhưng hãy lưu lại là UTF-8 không BOM để các hệ thống khác "
        "đọc đúng tên cột đầu",
        "the file begins with a byte order mark; its rows were read, but save it as UTF-8 without BOM so that other "
        "systems read the first column's name",
    ),
    "source.not-nfc": (
        "{count} dòng có chữ Việt dạng tổ hợp (NFD), đầu tiên là dòng số liệu {row}; các dòng vẫn được đọc sau khi "
        "đưa về dạng dựng sẵn (NFC); hãy chuyển mã ở nơi xuất tệp",
        "{count} rows hold decomposed letters (NFD), the first is data row {row}; they were read after composing "
        "them (NFC); convert the text where the file is made",
    ),
    "source.separator": (
        "các cột cách nhau bằng {found}; cần dấu phẩy. Lưu lại là CSV dấu phẩy, số thập phân dùng dấu chấm, "
        "hoặc nộp tệp XLSX",
        "columns are separated by {found}; commas are due. Save as comma CSV with decimal points, or send XLSX",
    ),
    "source.quote": (
        "dấu nháy kép không khép, hoặc có chữ sau dấu khép, trong bản ghi bắt đầu ở dòng này ({why}); không thể biết "
        "các ô phía sau thuộc dòng nào, nên cả tệp bị từ chối. Khép nháy, nháy trong ô viết thành hai nháy",
        "a quote is not closed, or text follows a closing one, in the record that begins on this line ({why}); which "
        "row the cells after it belong to is unknown, so the whole file is refused. Close it; double a quote in a cell",
    ),
    "source.header-empty": (
        "ô tiêu đề thứ {place} trống (ô gộp, hoặc có dòng tựa phía trên?); dòng đầu tiên phải là tên cột, mỗi cột "
        "một ô, không gộp ô",
        "header cell {place} is empty (merged cells, or a title above?); the first row must be the column names, one "
        "cell each, none merged",
    ),
    "source.header-twice": (
        "cột «{column}» có hai lần; xoá hoặc đổi tên một cột",
        "column '{column}' stands twice; remove or rename one",
    ),
    "source.cells": (
        "dòng có {found} ô, tiêu đề có {due}; ô chứa dấu phẩy phải đặt trong nháy kép",
        "the row has {found} cells, the header {due}; a cell with a comma must be quoted",
    ),
    "source.long-cell": (
        "ô dài {length} ký tự, quá {most}; có lẽ tệp hỏng hoặc thiếu dấu xuống dòng",
        "the cell has {length} characters, over {most}; the file is damaged or lacks line ends",
    ),
    "source.line-break": (
        "ô có dấu xuống dòng hoặc tab bên trong; viết nội dung trên một dòng",
        "the cell has a line break or a tab in it; write it on one line",
    ),
    "source.hidden": (
        "ô có ký tự không nhìn thấy ({which}); gõ lại nội dung ô",
        "the cell holds an invisible character ({which}); type its text again",
    ),
    "source.formula": (
        "ô sẽ bị bảng tính chạy như công thức; chỉ ghi giá trị, không ghi công thức",
        "a spreadsheet would run the cell as a formula; give values, not formulas",
    ),
    "source.error-cell": (
        "ô bảng tính báo lỗi {which}; sửa công thức hoặc để trống nếu không có số liệu",
        "the workbook's cell holds the error {which}; correct its formula, or leave it empty if there is no figure",
    ),
    "source.no-result": (
        "ô {cells} có công thức mà không có kết quả được lưu, nên sẽ bị đọc thành trống; mở bằng Excel, tính lại, "
        "lưu, hoặc dán thành giá trị",
        "cell {cells} has a formula without a stored result, so it would be read as empty; open it in Excel, "
        "recalculate and save, or paste values",
    ),
    "source.merged": (
        "có ô gộp ({cells}); ô gộp chỉ giữ một giá trị, các ô còn lại sẽ bị đọc thành trống. Bỏ gộp và điền đủ",
        "there are merged cells ({cells}); only one of them holds a value and the others would be read as empty. "
        "Unmerge them and fill each",
    ),
    "source.sheets": (
        "sổ có {count} trang có số liệu ({names}); chỉ để một trang, vì không thể đoán trang nào cần nạp",
        "the workbook has {count} sheets with content ({names}); leave one, for which to load is not guessed",
    ),
    "source.xlsx": (
        "sổ XLSX hỏng hoặc tải chưa xong ({why}); tải hoặc lưu lại",
        "the XLSX workbook is damaged or incomplete ({why}); download or save it again",
    ),
    "source.too-large": (
        "nội dung nén phình ra {size} MB, quá {most} MB; không mở. Chia nhỏ tệp hoặc dùng CSV, Parquet",
        "its compressed content swells to {size} MB, over {most} MB; not opened. Split it, or use CSV or Parquet",
    ),
    "source.parquet": (
        "tệp Parquet hỏng hoặc tải chưa xong ({why}); xuất lại",
        "the Parquet file is damaged or incomplete ({why}); export it again",
    ),
    "source.parquet-type": (
        "cột «{column}» có kiểu {found}; cần chữ, số nguyên, số thập phân hoặc ngày",
        "column '{column}' has the type {found}; text, whole numbers, decimals or days are due",
    ),
}


def source_text(rule: str, **facts: object) -> tuple[str, str]:
    """A rule's message in both languages, with its facts filled in."""
    vi, en = SOURCE_TEXTS[rule]
    return vi.format(**facts), en.format(**facts)
