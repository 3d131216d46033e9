#include "client/irqctl/text_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace irqd::irqctl {
namespace {

constexpr absl::string_view kGap = "  ";
// What the last column gets where the others leave less.
constexpr size_t kMinLastWidth = 20;

// The columns before the last, padded, with the gaps after them.
std::string Left(const std::vector<TextTable::Column>& columns, const std::vector<size_t>& widths,
                 const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < widths.size(); ++i) {
    const std::string padding(widths[i] - std::min(widths[i], cells[i].size()), ' ');
    if (columns[i].align_right) {
      absl::StrAppend(&line, padding, cells[i], kGap);
    } else {
      absl::StrAppend(&line, cells[i], padding, kGap);
    }
  }
  return line;
}

// The least of `text` that may be followed by a line break.
absl::string_view FirstPiece(absl::string_view text, size_t width) {
  const size_t end = std::min(text.find_first_of(" ,"), text.size() - 1) + 1;
  const absl::string_view piece = text.substr(0, end);
  if (absl::StripTrailingAsciiWhitespace(piece).size() <= width) return piece;
  for (const absl::string_view separator : {"=", ".."}) {
    const size_t at = piece.find(separator);
    if (at != absl::string_view::npos) return piece.substr(0, at + separator.size());
  }
  return piece;
}

void AppendLine(std::string line, std::string* text) {
  absl::StripTrailingAsciiWhitespace(&line);
  absl::StrAppend(text, line, "\n");
}

}  // namespace

std::vector<std::string> WrapText(absl::string_view text, size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const absl::string_view piece = FirstPiece(text, width);
    text.remove_prefix(piece.size());
    const size_t visible = absl::StripTrailingAsciiWhitespace(piece).size();
    if (!lines.back().empty() && lines.back().size() + visible > width) lines.emplace_back();
    absl::StrAppend(&lines.back(), piece);
  }
  for (std::string& line : lines) absl::StripTrailingAsciiWhitespace(&line);
  return lines;
}

std::string TextTable::Format() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);

  std::vector<size_t> widths;
  size_t left_width = 0;
  for (size_t i = 0; i + 1 < columns_.size(); ++i) {
    size_t width = titles[i].size();
    for (const std::vector<std::string>& row : rows_) width = std::max(width, row[i].size());
    widths.push_back(width);
    left_width += width + kGap.size();
  }
  const size_t last_width = std::max(kMinLastWidth, kTextWidth - std::min(kTextWidth, left_width));

  std::string text;
  AppendLine(Left(columns_, widths, titles) + titles.back(), &text);
  for (const std::vector<std::string>& row : rows_) {
    std::string left = Left(columns_, widths, row);
    for (const std::string& line : WrapText(row.back(), last_width)) {
      AppendLine(left + line, &text);
      left.assign(left_width, ' ');
    }
  }
  return text;
}

}  // namespace irqd::irqctl
