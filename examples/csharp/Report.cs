// A C# project of its own: the library through P/Invoke, under mono or .NET.
//
//   make && mono report.exe ../data/school-to-work
using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

static class Fm {
  const string Lib = "flexmetrics";
  const CallingConvention C = CallingConvention.Cdecl;
  [DllImport(Lib, CallingConvention = C)] public static extern IntPtr fm_version();
  [DllImport(Lib, CallingConvention = C)] public static extern IntPtr fm_status_name(int status);
  [DllImport(Lib, CallingConvention = C)] public static extern int fm_date_from_ymd(int year, int month, int day);
  [DllImport(Lib, CallingConvention = C)] public static extern void fm_compute_spec_init(ref ComputeSpec s, UIntPtr size);
  [DllImport(Lib, CallingConvention = C)] public static extern int fm_register_read(
    out IntPtr register, out IntPtr problems, byte[] folder, IntPtr spec, IntPtr run, IntPtr err);
  [DllImport(Lib, CallingConvention = C)] public static extern void fm_register_destroy(IntPtr register);
  [DllImport(Lib, CallingConvention = C)] public static extern int fm_catalogue_compute(
    out IntPtr table, IntPtr register, byte[] id, ref ComputeSpec spec, IntPtr run, IntPtr err);
  [DllImport(Lib, CallingConvention = C)] public static extern UIntPtr fm_table_n_rows(IntPtr table);
  [DllImport(Lib, CallingConvention = C)] public static extern long fm_table_column_index(IntPtr table, byte[] name);
  [DllImport(Lib, CallingConvention = C)] public static extern IntPtr fm_table_f64(IntPtr table, UIntPtr column);
  [DllImport(Lib, CallingConvention = C)] public static extern IntPtr fm_table_text(
    IntPtr table, UIntPtr column, UIntPtr row, IntPtr length);
  [DllImport(Lib, CallingConvention = C)] public static extern void fm_table_destroy(IntPtr table);

  [StructLayout(LayoutKind.Sequential)] public struct ComputeSpec {
    public UIntPtr Size;
    public IntPtr By, Weight, Filter, Options;
    public double Level;
    public int AsOf, Reserved;
  }

  public static byte[] Utf8(string text) { return Encoding.UTF8.GetBytes(text + "\0"); }
  public static string Text(IntPtr utf8) { return Marshal.PtrToStringAnsi(utf8); }
  public static void Check(int status) {
    if (status != 0)
      throw new InvalidOperationException(Text(fm_status_name(status)));
  }
}

static class Report {
  static UIntPtr Column(IntPtr table, string name) {
    return (UIntPtr)(ulong)Fm.fm_table_column_index(table, Fm.Utf8(name));
  }

  static void Main(string[] args) {
    IntPtr register, problems, table, by = Marshal.StringToHGlobalAnsi("target_group");
    Console.WriteLine("flexmetrics " + Fm.Text(Fm.fm_version()));
    Fm.Check(Fm.fm_register_read(out register, out problems, Fm.Utf8(args[0]), IntPtr.Zero, IntPtr.Zero, IntPtr.Zero));
    var spec = new Fm.ComputeSpec();
    Fm.fm_compute_spec_init(ref spec, (UIntPtr)(ulong)Marshal.SizeOf(spec));
    spec.By = by;
    spec.AsOf = Fm.fm_date_from_ymd(1999, 7, 1);
    Fm.Check(Fm.fm_catalogue_compute(out table, register, Fm.Utf8("programme.people"), ref spec, IntPtr.Zero, IntPtr.Zero));
    var values = new double[(int)Fm.fm_table_n_rows(table)];
    Marshal.Copy(Fm.fm_table_f64(table, Column(table, "value")), values, 0, values.Length);
    for (int i = 0; i < values.Length; i++)
      Console.WriteLine("{0,-15} {1,-12} {2}", Fm.Text(Fm.fm_table_text(table, Column(table, "target_group"), (UIntPtr)(uint)i,
        IntPtr.Zero)), Fm.Text(Fm.fm_table_text(table, Column(table, "quantity"), (UIntPtr)(uint)i, IntPtr.Zero)),
        values[i].ToString("0.0000", CultureInfo.InvariantCulture));
    Fm.fm_table_destroy(table);
    Fm.fm_table_destroy(problems);
    Fm.fm_register_destroy(register);
    Marshal.FreeHGlobal(by);
  }
}
