// A C++11 project of its own around the library: handles as unique_ptr, a failure as an exception.
//
//   make && ./report ../data/fredericia
#include <flexmetrics.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

template <typename T, void (*Destroy)(T *)>
struct Destroyer {
  void operator()(T *p) const { Destroy(p); }
};
using Table = std::unique_ptr<fm_table, Destroyer<fm_table, fm_table_destroy>>;
using Register = std::unique_ptr<fm_register, Destroyer<fm_register, fm_register_destroy>>;

class Error {
public:
  Error() { fm_error_init(&error_, sizeof error_); }
  operator fm_error *() { return &error_; }
  void check(fm_status status) const
  {
    if (status != FM_OK)
      throw std::runtime_error(std::string(fm_status_name(status)) + ": " + error_.message);
  }

private:
  fm_error error_;
};

Register read(const std::string &folder)
{
  Error err;
  fm_register *data = nullptr;
  fm_table *problems = nullptr;
  const fm_status status = fm_register_read(&data, &problems, folder.c_str(), nullptr, nullptr, err);
  Table listed(problems);
  err.check(status);
  return Register(data);
}

Table compute(const Register &data, const std::string &id, std::int32_t as_of)
{
  Error err;
  fm_compute_spec spec;
  fm_compute_spec_init(&spec, sizeof spec);
  spec.as_of = as_of;
  fm_table *result = nullptr;
  err.check(fm_catalogue_compute(&result, data.get(), id.c_str(), &spec, nullptr, err));
  return Table(result);
}

} // namespace

int main(int argc, char **argv)
{
  try {
    const Register data = read(argc > 1 ? argv[1] : "");
    const Table result = compute(data, "target.track", fm_date_from_ymd(2019, 4, 1));
    const auto column = [&](const char *name) {
      return static_cast<std::size_t>(fm_table_column_index(result.get(), name));
    };
    for (std::size_t i = 0; i < fm_table_n_rows(result.get()); i++) {
      std::cout << fm_table_text(result.get(), column("quantity"), i, nullptr) << " ";
      if (fm_table_is_null(result.get(), column("value"), i))
        std::cout << fm_table_text(result.get(), column("state"), i, nullptr) << "\n";
      else
        std::cout << fm_table_f64(result.get(), column("value"))[i] << "\n";
    }
  } catch (const std::exception &e) {
    std::cerr << "report: " << e.what() << "\n";
    return 1;
  }
}
