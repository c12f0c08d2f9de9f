DROP TABLE outlet_settings;
